package dev.musicfs.content.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.testkit.Trials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPlanTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    @Test
    void audioIsCutFromItsStartAndItsEnd() {
        BlockPlan plan = BlockPlan.of(8 * MIB, AudioLayout.unknown(8 * MIB));
        assertThat(lengthsInKib(plan))
                .containsExactly(64L, 64L, 128L, 256L, 512L, 1024L, 1024L, 1024L, 1024L, 1024L, 1024L, 896L, 112L, 16L);
        assertThat(tagBlocks(plan)).containsExactly(0, 1, 12, 13);
    }

    @Test
    void headerPicturesAndTrailerAreApartAndAllOfThemAreForScans() {
        AudioLayout layout = new AudioLayout(
                3 * MIB, 5 * MIB, List.of(new ByteRange(10 * KIB, 2 * MIB), new ByteRange(5 * MIB + KIB, KIB)), "");
        BlockPlan plan = BlockPlan.of(5 * MIB + 3 * KIB, layout);
        assertThat(lengthsInKib(plan))
                .containsExactly(10L, 1024L, 1024L, 1014L, 64L, 64L, 128L, 256L, 512L, 896L, 112L, 16L, 1L, 1L, 1L);
        assertThat(tagBlocks(plan)).containsExactly(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14);
    }

    @Test
    void shortAudioIsCutAtItsEndOnly() {
        assertThat(lengthsInKib(BlockPlan.of(100 * KIB, AudioLayout.unknown(100 * KIB))))
                .containsExactly(84L, 16L);
        assertThat(lengthsInKib(BlockPlan.of(16 * KIB, AudioLayout.unknown(16 * KIB))))
                .containsExactly(16L);
        assertThat(BlockPlan.of(0, AudioLayout.unknown(0)).count()).isZero();
    }

    @Test
    void refusesALayoutThatIsNotTheFiles() {
        assertThatThrownBy(() -> BlockPlan.of(10, AudioLayout.unknown(11)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BlockPlan.of(5, AudioLayout.unknown(5)).blockAt(5))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aPlanOfAnEnormousFileTakesNoMemoryForItsBlocks() {
        long size = BlockPlan.MAX_FILE_BYTES;
        BlockPlan plan = BlockPlan.of(size, AudioLayout.unknown(size));
        int last = plan.count() - 1;
        assertThat(plan.range(last).end()).isEqualTo(size);
        assertThat(plan.blockAt(size - 1)).isEqualTo(last);
    }

    @Test
    void blocksCoverTheFileInOrderAndNoneIsEmptyOrTooLarge() {
        Trials.check(
                300,
                draw -> assertCovers(
                        draw.number(0, 3_000_000),
                        draw.number(0, 5_000_000),
                        draw.number(0, 2_000_000),
                        draw.number(0, 100)));
    }

    private static void assertCovers(long header, long audio, long trailer, int pictureShare) {
        long picture = header * pictureShare / 100;
        AudioLayout layout = new AudioLayout(
                header,
                header + audio,
                picture == 0 ? List.of() : List.of(new ByteRange(header - picture, picture)),
                "");
        BlockPlan plan = BlockPlan.of(header + audio + trailer, layout);
        long at = 0;
        for (int i = 0; i < plan.count(); i++) {
            ByteRange block = plan.range(i);
            assertThat(block.offset()).isEqualTo(at);
            assertThat(block.length()).isBetween(1L, (long) ChunkStore.MAX_CHUNK_BYTES);
            assertThat(plan.blockAt(block.offset())).isEqualTo(i);
            assertThat(plan.blockAt(block.end() - 1)).isEqualTo(i);
            at = block.end();
        }
        assertThat(at).isEqualTo(header + audio + trailer);
    }

    @Test
    void blocksOfTheAudioDependOnItsLengthAlone() {
        Trials.check(300, draw -> {
            long audio = draw.number(1, 5_000_000);
            List<String> alone = audioBlocks(0, audio, 0);
            assertThat(alone).isNotEmpty();
            assertThat(audioBlocks(draw.number(0, 3_000_000), audio, draw.number(0, 2_000_000)))
                    .isEqualTo(alone);
        });
    }

    private static List<String> audioBlocks(long header, long audio, long trailer) {
        BlockPlan plan = BlockPlan.of(header + audio + trailer, new AudioLayout(header, header + audio, List.of(), ""));
        List<String> blocks = new ArrayList<>();
        for (int i = plan.blockAt(header); i < plan.count() && plan.range(i).offset() < header + audio; i++) {
            ByteRange block = plan.range(i);
            blocks.add((block.offset() - header) + "+" + block.length() + " " + plan.evictionClass(i));
        }
        return blocks;
    }

    private static List<Long> lengthsInKib(BlockPlan plan) {
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < plan.count(); i++) {
            assertThat(plan.range(i).length() % KIB).isZero();
            lengths.add(plan.range(i).length() / KIB);
        }
        return lengths;
    }

    private static List<Integer> tagBlocks(BlockPlan plan) {
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < plan.count(); i++) {
            if (plan.evictionClass(i) == EvictionClass.TAGS) {
                blocks.add(i);
            }
        }
        return blocks;
    }
}
