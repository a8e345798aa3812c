package dev.musicfs.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A real beets whose library lies in a directory and is left there. */
final class Beets {
    private static final long LONGEST_SECONDS = 60;

    private final Path dir;
    private final Path music;

    /** {@code dir} keeps its database. */
    Beets(Path dir, Path music) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.music = music;
        Files.writeString(
                dir.resolve("config.yaml"),
                """
                directory: %s
                library: %s/library.db
                plugins: []
                import:
                  copy: no
                  move: no
                  write: no
                  autotag: no
                  duplicate_action: keep
                """
                        .formatted(music, dir));
    }

    /** The first import of everything. */
    boolean scan() throws IOException, InterruptedException {
        return run("import", "-A", "-q", music.toString());
    }

    /** Looks for what has changed; what it cannot find leaves. */
    boolean update() throws IOException, InterruptedException {
        return run("update");
    }

    /** Reads the tags of everything again, as if all had changed. */
    boolean rescan() throws IOException, InterruptedException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("library.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE items SET mtime = 0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return update();
    }

    /** Notes that every track was played so many times. */
    boolean played(int count) throws IOException, InterruptedException {
        return run("modify", "-y", "-W", "-M", "play_count=" + count);
    }

    /** The paths of all tracks in its database, from the root of the music, each with its play count. */
    Set<String> tracks() throws IOException, InterruptedException {
        run("ls", "-f", "$path $play_count");
        Set<String> tracks = new TreeSet<>();
        for (String line : Files.readAllLines(dir.resolve("output"))) {
            tracks.add(line.replace(music + "/", ""));
        }
        return tracks;
    }

    /** False when it took longer than anybody would wait or failed. */
    private boolean run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Program.require("beet")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(dir.resolve("errors").toFile())
                .redirectOutput(dir.resolve("output").toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("BEETSDIR", dir.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            Consumers.end(process);
        }
        return ended && process.exitValue() == 0;
    }
}
