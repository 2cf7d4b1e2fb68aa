package org.lethe.jobs.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lethe.error.ConfigErrors;

/**
 * Includes only files that lie beside the including file or below its folder. HOCON would fetch
 * URLs and skip missing files silently; both are rejected here.
 */
final class FileIncluder
    implements ConfigIncluder, ConfigIncluderURL, ConfigIncluderFile, ConfigIncluderClasspath {
  private final Path file;

  /**
   * @param file the including file, absolute
   */
  FileIncluder(Path file) {
    this.file = file;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this; // The fallback would include what this class rejects.
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return includeInside(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return includeInside(what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw ConfigErrors.includeRefused(what.toString(), file.toString());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw ConfigErrors.includeRefused("classpath(" + what + ")", file.toString());
  }

  private ConfigObject includeInside(String what) {
    if (what.contains(":")) {
      throw ConfigErrors.includeRefused(what, file.toString());
    }
    Path folder = file.getParent();
    Path included = folder.resolve(what).normalize();
    try {
      // The real path: a link may lead out as well.
      if (!included.startsWith(folder)
          || !Files.isRegularFile(included)
          || !included.toRealPath().startsWith(folder.toRealPath())) {
        throw ConfigErrors.includeRefused(what, file.toString());
      }
      return ConfigFactory.parseFile(
              included.toFile(),
              ConfigParseOptions.defaults()
                  .setAllowMissing(false)
                  .setIncluder(new FileIncluder(included)))
          .root();
    } catch (IOException e) {
      throw new ConfigException.IO(ConfigOriginFactory.newFile(file.toString()), e.getMessage(), e);
    }
  }
}
