package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tracks of one origin that another template places elsewhere. */
class RevisionTest extends CopiesFixture {
    private static final Template BY_TITLE = Template.parse("By title/$album/$title.$format");

    @Test
    @Resilience("3.6")
    void anotherTemplateMovesEveryTrackAndItsCoverUnderTheirInodes() {
        FileRow x = add(track(NAS, "d/1.flac", 100));
        add(track(NAS, "d/2.flac", 100, "y"));
        add(cover(NAS, "d/cover.jpg"));
        await(updater.revise("nas"));
        Map<NodeId, Long> before = nodes();
        assertThat(files())
                .containsExactly("/A/B [FLAC]/01 - x.flac", "/A/B [FLAC]/01 - y.flac", "/A/B [FLAC]/cover.jpg");
        updater.attach(announcer);

        await(updater.revise(origin -> 0, "nas", BY_TITLE));

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
        await(updater.revise("nas"));
        NodeId inode = at(TITLE).id();

        restart(BY_TITLE);
        await(updater.revise("nas"));
        assertThat(files()).containsExactly("/By title/B/x.flac");
        assertThat(at("/By title/B/x.flac").id()).isEqualTo(inode);

        restart(Template.DEFAULT);
        await(updater.revise("nas"));
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
        await(updater.revise("nas"));
        write(new Mutation.PutSetting("copies.reached", "nas\n" + BY_TITLE.text() + "\n" + first.id()));

        restart(BY_TITLE);
        await(updater.revise("nas"));
        assertThat(files())
                .hasSize(251)
                .filteredOn(file -> !file.startsWith("/By title/B/t"))
                .containsExactly("/A/B [FLAC]/01 - t0.flac");
        await(updater.revise("nas"));
        assertThat(files()).as("that was done").contains("/A/B [FLAC]/01 - t0.flac");
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
