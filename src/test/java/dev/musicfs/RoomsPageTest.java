package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Promises;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on how the program is built has every package, on the floor that {@link LayeringTest} holds it to. */
class RoomsPageTest {
    private static final Path BASE = Path.of("src/main/java/dev/musicfs");
    private static final Pattern ROOM = Pattern.compile("`([a-z0-9.]+)`");

    @Test
    void everyPackageIsARoomOfThePageOnItsFloor() throws IOException {
        Map<String, Integer> wanted = new TreeMap<>();
        for (String room : packages()) {
            wanted.put(room, LayeringTest.FLOORS.get(room.split("\\.", 2)[0]));
        }
        assertThat(floors(Files.readString(Path.of("docs/ARCHITECTURE.md")))).isEqualTo(wanted);
    }

    private static Map<String, Integer> floors(String page) {
        Map<String, Integer> floors = new TreeMap<>();
        for (List<String> row : Promises.rows(page)) {
            if (row.get(0).matches("[0-9]")) {
                ROOM.matcher(row.get(1))
                        .results()
                        .map((MatchResult room) -> room.group(1))
                        .forEach(room -> floors.put(room, Integer.valueOf(row.get(0))));
            }
        }
        return floors;
    }

    private static Set<String> packages() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(BASE)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> BASE.relativize(file.getParent()).toString().replace('/', '.'))
                    .forEach(packages::add);
        }
        return packages;
    }
}
