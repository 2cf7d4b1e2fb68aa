package org.lethe.cluster.evaluation;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.corpus.TokenizerSource;
import org.lethe.evaluation.attack.AttackModel;
import org.lethe.evaluation.attack.DecoderAttackModel;
import org.lethe.evaluation.attack.DecoderOnRequest;
import org.lethe.evaluation.attack.Lesson;
import org.lethe.model.Adapter;
import org.lethe.model.Decoder;
import org.lethe.model.directory.ModelCache;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.tensor.TensorValues;
import org.lethe.text.Tokenizer;

/**
 * Attacks a decoder that stays in the executor between tasks, see {@link ResidentModel}. The
 * initial model, other models and copies with other weights live for one task, and only if an
 * attack needs them.
 *
 * @param decoder source of the weights
 * @param initial source of the initial model; equal to {@code decoder} if that is it
 * @param tokenizer tokenizer with the rendering of prompts
 * @param others models that only attacks on request use
 */
public record AttackDecoderSource(
    PretrainedDecoder decoder, PretrainedDecoder initial, TokenizerSource tokenizer, Others others)
    implements AttackModelSource {
  private static final int PIECE = 1 << 20;

  /**
   * Models that only attacks on request use; none or one each.
   *
   * @param control a model without the forget rows
   * @param retrained a model that was trained like the initial one, without the forget rows
   */
  public record Others(List<PretrainedDecoder> control, List<PretrainedDecoder> retrained)
      implements Serializable {
    /** No other models. */
    public static final Others NONE = new Others(List.of(), List.of());

    public Others {
      control = new ArrayList<>(control);
      retrained = new ArrayList<>(retrained);
    }
  }

  @Override
  public <T> T use(
      Configuration hadoop, Map<Lesson.Kind, Lesson> lessons, Function<AttackModel, T> work) {
    ModelDirectory directory =
        ModelDirectory.open(tokenizer.model(), ModelCache.in(tokenizer.cache(), hadoop));
    try (ResidentModel.Lease lease = ResidentModel.leaseInitial(decoder, hadoop);
        Tokenizer texts = directory.openTokenizer();
        Kept kept = new Kept(hadoop, lease.decoder(), initial);
        DecoderAttackModel model =
            new DecoderAttackModel(
                lease.decoder(),
                () -> decoder.load(hadoop),
                initial.equals(decoder) ? Optional.empty() : Optional.of(kept.supplier(initial)),
                texts(directory, texts, hadoop),
                new DecoderOnRequest(
                    lessons,
                    () -> trainable(decoder, lease.decoder(), hadoop),
                    others.control().stream()
                        .findFirst()
                        .map(source -> control(source, directory, texts, lessons, kept)),
                    others.retrained().stream().findFirst().map(kept::supplier)))) {
      T result = work.apply(model);
      lease.done(ResidentModel.Parameters.INITIAL);
      return result;
    }
  }

  private DecoderAttackModel.Texts texts(
      ModelDirectory directory, Tokenizer texts, Configuration hadoop) {
    return new DecoderAttackModel.Texts(
        tokenizer.encoder(hadoop), directory.endTokens(texts), texts::decode);
  }

  private Supplier<AttackModel> control(
      PretrainedDecoder source,
      ModelDirectory directory,
      Tokenizer texts,
      Map<Lesson.Kind, Lesson> lessons,
      Kept kept) {
    return () ->
        kept.control(
            source,
            loaded ->
                new DecoderAttackModel(
                    loaded,
                    () -> source.load(kept.hadoop),
                    Optional.empty(),
                    texts(directory, texts, kept.hadoop),
                    new DecoderOnRequest(
                        lessons,
                        () -> trainable(source, loaded, kept.hadoop),
                        Optional.empty(),
                        Optional.empty())));
  }

  /** The same model with gradients of all weights; LoRA factors are merged into them. */
  private static Decoder trainable(
      PretrainedDecoder source, Decoder attacked, Configuration hadoop) {
    Decoder copy =
        PretrainedDecoder.of(
                URI.create(source.model()), source.digest(), source.cache(), Adapter.full())
            .on(source.backend())
            .load(hadoop);
    if (!source.factors().isEmpty()) {
      float[] piece = new float[PIECE];
      attacked.forEachTensor(
          (name, values) ->
              copy.layout()
                  .find(name)
                  .ifPresent(
                      entry -> copy(values, copy.layout().view(copy.parameters(), entry), piece)));
    }
    return copy;
  }

  private static void copy(TensorValues from, TensorValues to, float[] piece) {
    for (long at = 0; at < from.length(); at += piece.length) {
      int count = (int) Math.min(piece.length, from.length() - at);
      from.get(at, piece, 0, count);
      to.put(at, piece, 0, count);
    }
  }

  /** Models that stay once they were needed. */
  private static final class Kept implements AutoCloseable {
    private final Configuration hadoop;
    private final Decoder attacked;
    private final PretrainedDecoder base;
    private final Map<PretrainedDecoder, Decoder> loaded = new LinkedHashMap<>();
    private Optional<DecoderAttackModel> control = Optional.empty();

    Kept(Configuration hadoop, Decoder attacked, PretrainedDecoder base) {
      this.hadoop = hadoop;
      this.attacked = attacked;
      this.base = base;
    }

    Supplier<Decoder> supplier(PretrainedDecoder source) {
      return () -> decoder(source);
    }

    private Decoder decoder(PretrainedDecoder source) {
      return loaded.computeIfAbsent(source, this::load);
    }

    AttackModel control(PretrainedDecoder source, Function<Decoder, DecoderAttackModel> wrapped) {
      if (control.isEmpty()) {
        control = Optional.of(wrapped.apply(decoder(source)));
      }
      return control.get();
    }

    /** Below LoRA factors lies the initial model, unless that has factors of its own. */
    private Decoder load(PretrainedDecoder source) {
      boolean below =
          attacked.adapter() instanceof Adapter.Lora
              && source.equals(base)
              && source.factors().isEmpty();
      return below ? attacked.withoutAdapter() : source.load(hadoop);
    }

    @Override
    public void close() {
      control.ifPresent(DecoderAttackModel::close);
      loaded.values().forEach(Decoder::close);
    }
  }
}
