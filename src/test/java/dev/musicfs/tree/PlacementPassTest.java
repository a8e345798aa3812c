package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tracks of one origin that another template places elsewhere. */
class PlacementPassTest extends CopiesFixture {
    private static final Template BY_TITLE = Template.parse("By title/$album/$title.$format");

    @Test
    @Resilience("3.6")
    void anotherTemplateMovesEveryTrackAndItsCoverUnderTheirInodes() {
        FileRow x = add(track(NAS, "d/1.flac", 100));
        add(track(NAS, "d/2.flac", 100, "y"));
        add(cover(NAS, "d/cover.jpg"));
        await(updater.reconsiderAll("nas"));
        Map<NodeId, Long> before = nodes();
        assertThat(files())
                .containsExactly("/A/B [FLAC]/01 - x.flac", "/A/B [FLAC]/01 - y.flac", "/A/B [FLAC]/cover.jpg");
        updater.attach(announcer);

        await(updater.reconsiderAll(origin -> 0, "nas", BY_TITLE));

        assertThat(paths())
                .containsExactly(
                        "/By title/",
                        "/By title/B/",
                        "/By title/B/cover.jpg",
                        "/By title/B/x.flac",
                        "/By title/B/y.flac");
        assertThat(nodes()).isEqualTo(before);
        assertThat(at("/By title/B/x.flac").fileId()).isEqualTo(x.id());
        assertThat(announcer.events).isNotEmpty();

        add(track(NAS, "d/3.flac", 100, "z"));
        assertThat(files()).contains("/By title/B/z.flac");
    }

    @Test
    @Resilience("3.6")
    void aStartWithAnotherTemplateMovesThemToo() {
        add(track(NAS, "d/1.flac", 100));
        await(updater.reconsiderAll("nas"));
        NodeId inode = at(TITLE).id();

        restart(BY_TITLE);
        await(updater.reconsiderAll("nas"));
        assertThat(files()).containsExactly("/By title/B/x.flac");
        assertThat(at("/By title/B/x.flac").id()).isEqualTo(inode);

        restart(Template.DEFAULT);
        await(updater.reconsiderAll("nas"));
        assertThat(files()).containsExactly(TITLE);
        assertThat(at(TITLE).id()).isEqualTo(inode);
    }

    /** More than a page of them. */
    @Test
    void aPassThatWasInterruptedGoesOnWhereItWas() {
        FileRow first = add(track(NAS, "d/0.flac", 100, "t0"));
        for (int i = 1; i <= 250; i++) {
            add(track(NAS, "d/" + i + ".flac", 100, "t" + i));
        }
        await(updater.reconsiderAll("nas"));
        write(new Mutation.PutSetting("copies.reached", "nas\n" + Albums.rules(BY_TITLE) + "\n" + first.id()));

        restart(BY_TITLE);
        await(updater.reconsiderAll("nas"));
        assertThat(files())
                .hasSize(251)
                .filteredOn(file -> !file.startsWith("/By title/B/t"))
                .containsExactly("/A/B [FLAC]/01 - t0.flac");
        await(updater.reconsiderAll("nas"));
        assertThat(files()).as("that was done").contains("/A/B [FLAC]/01 - t0.flac");
    }

    /** Without the rest of its folder at the end of a page, an album would be in two places for a while. */
    @Test
    void anAlbumKeepsItsCoverWhereverAPageEnds() {
        for (int i = 0; i < 150; i++) {
            add(track(NAS, "first/" + i + ".flac", 100, "f" + i));
        }
        FileRow cover = cover(NAS, "second/cover.jpg");
        apply(new LibraryChange.Added(cover));
        for (int i = 0; i < 100; i++) {
            add(file(writer.nextFileId(), NAS, "second/" + i + ".flac", 100, album("C", "s" + i)));
        }
        NodeRow before = at("/A/C [FLAC]/cover.jpg");
        assertThat(before.fileId()).isEqualTo(cover.id());
        updater.attach(announcer);

        await(updater.reconsiderAll(origin -> 0, "nas", BY_TITLE));

        assertThat(at("/By title/C/cover.jpg").id()).isEqualTo(before.id());
        assertThat(files()).hasSize(251).allMatch(file -> file.startsWith("/By title/"));
    }

    /** The rest of such a folder must not come with every page. */
    @Test
    void aFolderOfManyPagesIsLookedAtOnce() {
        List<LibraryChange> all = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            all.add(new LibraryChange.Added(track(NAS, "flat/" + i + ".flac", 100, "t" + i)));
        }
        apply(all.toArray(LibraryChange[]::new));
        await(updater.close());
        List<Integer> batches = new ArrayList<>();
        PlacementPass pass = new PlacementPass(
                batch -> {
                    batches.add(batch.size());
                    return Future.succeededFuture();
                },
                ExecutorPools.workers(vertx, "placement-test", "Origin placement-test", 1, 1_000),
                reader,
                writer,
                () -> false,
                "nas",
                "another");
        await(pass.run());
        assertThat(batches).containsExactly(200, 200, 200, 200, 100);
        updater = new TreeUpdater(vertx, tree, reader, writer, BY_TITLE, Clock.system());
    }

    @Test
    @Resilience({"2.8", "3.6"})
    void aPassThatFailsIsMadeAgainAfterOneFiveAndThirtySeconds() {
        add(track(NAS, "d/1.flac", 100));
        ManualTime time = new ManualTime();
        AtomicInteger refusals = new AtomicInteger(3);
        CatalogWriter full = new CatalogWriter() {
            @Override
            public Future<Void> apply(List<Mutation> mutations) {
                return refusals.getAndDecrement() > 0
                        ? Future.failedFuture(new MusicFsException(FailureKind.NO_SPACE, "The disk is full."))
                        : writer.apply(mutations);
            }

            @Override
            public long nextFileId() {
                return writer.nextFileId();
            }

            @Override
            public NodeId nextNodeId() {
                return writer.nextNodeId();
            }
        };
        await(updater.close());
        updater = new TreeUpdater(vertx, tree, reader, full, BY_TITLE, time, origin -> 0, time);
        Future<Void> first = updater.reconsiderAll("nas");
        assertThatThrownBy(() -> await(first)).hasMessageContaining("The disk is full.");
        for (int delay : new int[] {1, 5, 30}) {
            // The failure is handed on before it is taken down.
            assertThat(Polling.until(
                            () -> time.isPendingIn(Duration.ofSeconds(delay)),
                            Duration.ofMillis(5),
                            Deadline.in(Duration.ofSeconds(60))))
                    .isTrue();
            assertThat(files()).containsExactly(TITLE);
            assertThat(updater.trouble()).contains("The disk is full.");
            time.advance(Duration.ofSeconds(delay));
        }
        assertThat(Polling.until(
                        () -> files().equals(List.of("/By title/B/x.flac"))
                                && updater.trouble().isEmpty(),
                        Duration.ofMillis(5),
                        Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
    }

    private static TrackTags album(String album, String title) {
        return new TrackTags(title, "A", "", album, "", "", 0, 1, 0, 0, false, "flac", 1000, 900);
    }

    private void restart(Template template) {
        await(updater.close());
        updater = new TreeUpdater(vertx, tree, reader, writer, template, Clock.system(), origin -> 0);
    }

    /** Which file each node shows, apart from directories. */
    private Map<NodeId, Long> nodes() {
        Map<NodeId, Long> nodes = new HashMap<>();
        for (String path : files()) {
            NodeRow row = at(path);
            nodes.put(row.id(), row.fileId());
        }
        return nodes;
    }
}
