package shopstream.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints and savepoints of one model. A start goes on at the newest complete one. */
record StateFolder(Path folder) {
  String uri() {
    return folder.toAbsolutePath().toUri().toString();
  }

  Optional<String> newest() {
    if (!Files.isDirectory(folder)) return Optional.empty();
    try (Stream<Path> files = Files.walk(folder)) {
      // Written last, so that a folder without it is not complete.
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(StateFolder::writtenAt))
          .map(file -> file.getParent().toUri().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.nio.file.attribute.FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
