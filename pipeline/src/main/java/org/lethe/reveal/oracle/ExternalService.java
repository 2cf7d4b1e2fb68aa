package org.lethe.reveal.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.lethe.error.RevealErrors;
import org.lethe.reveal.Response;
import org.lethe.reveal.TopicCard;

/**
 * Scores responses with an HTTP service on the loopback interface. A POST of {@code
 * {"items":[{"id":0,"card":"...","prompt":"...","text":"..."},...]}} returns {@code
 * {"scores":[0.5,...]}}. Responses are personal data, so other hosts are rejected, and neither
 * proxies nor redirects are used.
 */
public final class ExternalService implements RelevanceOracle {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1\\]");

  private final String name;
  private final URI address;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param name name of the scorer, for messages
   * @throws org.lethe.error.LetheException if the address is not on the loopback interface
   */
  public ExternalService(String name, OracleSettings.Scorer.Service service) {
    this.name = name;
    this.address = checked(service.address());
    this.timeout = service.timeout();
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(service.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  private static URI checked(String address) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw RevealErrors.notLoopback("it is no URI");
    }
    if (!"http".equals(uri.getScheme())) {
      throw RevealErrors.notLoopback("its scheme is not http");
    }
    if (uri.getHost() == null || !LOOPBACK.matcher(uri.getHost()).matches()) {
      throw RevealErrors.notLoopback("its host is another machine's, or has user information");
    }
    if (uri.getUserInfo() != null) {
      throw RevealErrors.notLoopback("it has user information");
    }
    try {
      for (InetAddress resolved : InetAddress.getAllByName(uri.getHost())) {
        if (!resolved.isLoopbackAddress()) {
          throw RevealErrors.notLoopback("its host leads elsewhere");
        }
      }
    } catch (UnknownHostException e) {
      throw RevealErrors.notLoopback("its host is not known");
    }
    return uri;
  }

  @Override
  public double[] relevance(TopicCard card, List<Response> responses) {
    if (responses.isEmpty()) {
      return new double[0];
    }
    ObjectNode body = ScorerAnswer.object();
    ArrayNode items = body.putArray("items");
    for (int i = 0; i < responses.size(); i++) {
      items.add(ScorerAnswer.request(i, card, responses.get(i)));
    }
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8))
            .build();
    try {
      HttpResponse<String> response =
          client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw RevealErrors.scorerFailed(name, "answered with status " + response.statusCode());
      }
      ScorerAnswer answer = new ScorerAnswer(responses.size());
      answer.list(response.body());
      return answer.scores();
    } catch (ScorerAnswer.Malformed e) {
      throw RevealErrors.scorerFailed(name, e.problem());
    } catch (IOException e) {
      throw RevealErrors.scorerFailed(
          name, "could not be reached: " + e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RevealErrors.scorerFailed(name, "was interrupted");
    }
  }
}
