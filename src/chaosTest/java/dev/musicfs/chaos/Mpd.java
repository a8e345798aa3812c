package dev.musicfs.chaos;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A real MPD over a directory, with a database, stickers and a queue of its own; see the MPD protocol,
 * https://mpd.readthedocs.io/en/latest/protocol.html. One that waits for a dead file cannot answer, so that every
 * command is bounded by the time a consumer may hang.
 */
final class Mpd implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LONGEST_SCAN = Duration.ofMinutes(3);

    private final Path dir;
    private final Process process;

    private Mpd(Path dir, Process process) {
        this.dir = dir;
        this.process = process;
    }

    /** Starts one; {@code dir} keeps what it remembers. */
    static Mpd start(Path dir, Path music) throws IOException {
        Files.createDirectories(dir);
        Path config = Files.writeString(
                dir.resolve("mpd.conf"),
                """
                music_directory "%s"
                db_file "%2$s/db"
                state_file "%2$s/state"
                sticker_file "%2$s/stickers"
                log_file "%2$s/log"
                bind_to_address "%2$s/socket"
                auto_update "no"
                zeroconf_enabled "no"
                audio_output {
                  type "null"
                  name "null"
                }
                """
                        .formatted(music, dir));
        Files.deleteIfExists(dir.resolve("socket"));
        Process process = new ProcessBuilder(Program.require("mpd"), "--no-daemon", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("output").toFile())
                .start();
        Mpd mpd = new Mpd(dir, process);
        if (!Polling.until(mpd::answers, Duration.ofMillis(50), Deadline.in(START))) {
            String said = Files.readString(dir.resolve("output"));
            mpd.close();
            throw new IllegalStateException("mpd does not answer: " + said);
        }
        return mpd;
    }

    private boolean answers() {
        try {
            ask("ping");
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Looks for what has changed and waits until it has; false when that took longer than anybody would wait. */
    boolean update() {
        return scan("update");
    }

    /** Reads the tags of everything again, changed or not. */
    boolean rescan() {
        return scan("rescan");
    }

    private boolean scan(String command) {
        ask(command);
        return Polling.until(
                () -> ask("status").stream().noneMatch(line -> line.startsWith("updating_db:")),
                Duration.ofMillis(50),
                Deadline.in(LONGEST_SCAN));
    }

    /** The paths of all songs in its database. */
    Set<String> songs() {
        Set<String> songs = new TreeSet<>();
        for (String line : ask("listall")) {
            if (line.startsWith("file: ")) {
                songs.add(line.substring(6));
            }
        }
        return songs;
    }

    /** Notes a play count, as clients do. */
    void played(String song, int count) {
        ask("sticker set song \"%s\" playcount %d".formatted(song, count));
    }

    /** The songs of which a play count is remembered, each with it. */
    Set<String> playCounts() {
        Set<String> counts = new TreeSet<>();
        String song = "";
        for (String line : ask("sticker find song \"\" playcount")) {
            if (line.startsWith("file: ")) {
                song = line.substring(6);
            } else if (line.startsWith("sticker: ")) {
                counts.add(song + " " + line.substring(9));
            }
        }
        return counts;
    }

    private List<String> ask(String command) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(dir.resolve("socket")));
            BufferedReader answer = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            answer.readLine();
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            List<String> lines = new ArrayList<>();
            for (String line = answer.readLine(); !"OK".equals(line); line = answer.readLine()) {
                if (line == null || line.startsWith("ACK")) {
                    throw new IllegalStateException("mpd answered \"" + command + "\" with " + line);
                }
                lines.add(line);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Consumers.end(process);
    }
}
