package dev.musicfs.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files beside each other that are called {@code PREFIX1}, {@code PREFIX2} and so on; the highest number is the newest,
 * whatever a clock said. Blocks.
 *
 * @param directory in which they lie; need not exist
 * @param prefix what their names begin with
 */
public record NumberedFiles(Path directory, String prefix) {
    private record Numbered(int number, Path path) {}

    /** Those that are there, the newest first; empty when the directory cannot be listed because it is not there. */
    public List<Path> newestFirst() throws IOException {
        return numbered().stream().map(Numbered::path).toList();
    }

    /** The name of the next one. */
    public Path next() throws IOException {
        List<Numbered> known = numbered();
        int newest = known.isEmpty() ? 0 : known.get(0).number();
        return directory.resolve(prefix + (newest + 1));
    }

    /** What lies beyond the newest {@code kept}. */
    public List<Path> beyond(int kept) throws IOException {
        List<Path> all = newestFirst();
        return all.subList(Math.min(kept, all.size()), all.size());
    }

    private List<Numbered> numbered() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        Pattern name = Pattern.compile(Pattern.quote(prefix) + "([1-9][0-9]{0,8})");
        List<Numbered> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.forEach(path -> {
                Matcher matcher = name.matcher(path.getFileName().toString());
                if (matcher.matches()) {
                    found.add(new Numbered(Integer.parseInt(matcher.group(1)), path));
                }
            });
        }
        found.sort(Comparator.comparingInt(Numbered::number).reversed());
        return found;
    }
}
