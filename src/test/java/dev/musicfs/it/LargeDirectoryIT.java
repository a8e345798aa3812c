package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One directory with more entries than any page, buffer or reply holds. */
class LargeDirectoryIT {
    private static final int ENTRIES = 100_000;
    private static final int BATCH = 10_000;
    private static final Pattern WATCHING = Pattern.compile("musicfs: watching (\\S+)");

    @TempDir
    Path dir;

    @Test
    void oneDirectoryHoldsAHundredThousandEntries() throws Exception {
        Path origin = Files.createDirectories(dir.resolve("origin"));
        TestAudio.copy(TestAudio.Spec.of(AudioEncoding.FLAC), origin.resolve("one.flac"));
        Path mount = Files.createDirectories(dir.resolve("mount"));
        Path cache = dir.resolve("cache");
        OriginId id;
        try (DaemonProcess first = DaemonProcess.scanned(mount, cache, origin)) {
            first.awaitOutput("musicfs: watching ");
            Matcher watching = WATCHING.matcher(first.output());
            assertThat(watching.find()).isTrue();
            id = new OriginId(watching.group(1));
        }
        fill(cache.resolve("catalog.db"), id);

        // The origin has none of them; that many are not removed unasked.
        try (DaemonProcess daemon = DaemonProcess.scanned(mount, cache, origin)) {
            Path large = mount.resolve("large");
            assertThat(number("ls -f \"$1\" | wc -l", large))
                    .as(daemon.output())
                    .isEqualTo(ENTRIES + 2);
            assertThat(number("find \"$1\" -type f -printf '%i\\n' | sort -u | wc -l", large))
                    .isEqualTo(ENTRIES);
            assertThat(number("ls -f \"$1\" | sort -u | wc -l", large)).isEqualTo(ENTRIES + 2);
            assertThat(Files.size(large.resolve("track 099999.flac"))).isEqualTo(1_000 + 99_999);
            assertThat(Files.size(large.resolve("track 000000.flac"))).isEqualTo(1_000);
            assertThat(Files.exists(large.resolve("track 100000.flac"))).isFalse();
        }
    }

    private static void fill(Path database, OriginId origin) throws Exception {
        Vertx vertx = TestingVertx.start();
        Catalog catalog = Catalog.openBlocking(database);
        try {
            CatalogWriter writer = catalog.startWriter(vertx);
            NodeId large = writer.nextNodeId();
            RealPath folder = new RealPath("large");
            apply(
                    writer,
                    List.of(
                            new Mutation.PutFolder(origin, folder),
                            new Mutation.PutNode(new NodeRow(large, NodeId.ROOT, "large", 0, 0, 1))));
            for (int from = 0; from < ENTRIES; from += BATCH) {
                List<Mutation> files = new ArrayList<>();
                List<Mutation> nodes = new ArrayList<>();
                for (int i = from; i < from + BATCH; i++) {
                    String name = "track %06d.flac".formatted(i);
                    FileVersion version = new FileVersion(1_000 + i, 1_700_000_000_000_000_000L, "");
                    long file = writer.nextFileId();
                    files.add(new Mutation.PutFile(new FileRow(
                            file,
                            origin,
                            new RealPath("large/" + name),
                            FileKind.AUDIO,
                            version,
                            0,
                            TrackTags.unknown("flac"),
                            true)));
                    nodes.add(new Mutation.PutNode(new NodeRow(
                            writer.nextNodeId(), large, name, file, version.sizeBytes(), version.mtimeNanos())));
                }
                files.addAll(nodes);
                apply(writer, files);
            }
        } finally {
            catalog.closeBlocking();
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static void apply(CatalogWriter writer, List<Mutation> mutations) throws Exception {
        writer.apply(mutations).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static int number(String script, Path argument) throws Exception {
        return Integer.parseInt(Shell.bash(script, argument).output().strip());
    }
}
