package dev.musicfs.content.plan;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import java.util.ArrayList;
import java.util.List;

/**
 * How a file is cut into blocks: a pure function of its size and {@link AudioLayout}. Header, each embedded picture and
 * trailer are apart from the audio and from each other, cut at 1 MiB. The audio's blocks are anchored at its start: 64,
 * 64, 128, 256, 512 KiB, then 1 MiB each; its last 16 KiB and the 112 KiB before them are blocks of their own. Blocks
 * cover the file without gap or overlap, in order, and none is empty. A plan takes memory for its sections, not for its
 * blocks.
 */
public final class BlockPlan {
    /** The largest file that can be cut: 1 PiB. */
    public static final long MAX_FILE_BYTES = 1L << 50;

    private final Section[] sections;
    private final int count;

    private BlockPlan(List<Section> sections) {
        this.sections = sections.toArray(Section[]::new);
        this.count = sections.isEmpty() ? 0 : sections.get(sections.size() - 1).endBlock();
    }

    /** Cuts a file; throws {@link IllegalArgumentException} when the layout is not one of a file of this size. */
    public static BlockPlan of(long sizeBytes, AudioLayout layout) {
        if (!fits(sizeBytes, layout)) {
            throw new IllegalArgumentException("not the layout of a file of " + sizeBytes + " bytes: " + layout);
        }
        List<Section> sections = new ArrayList<>();
        long at = 0;
        for (ByteRange picture : layout.pictures()) {
            if (at <= layout.audioStart() && picture.offset() >= layout.audioEnd()) {
                at = addAudio(sections, at, layout);
            }
            at = add(sections, at, picture.offset(), false);
            at = add(sections, at, picture.end(), false);
        }
        if (at <= layout.audioStart()) {
            at = addAudio(sections, at, layout);
        }
        add(sections, at, sizeBytes, false);
        return new BlockPlan(sections);
    }

    /** Whether {@link #of} can cut such a file. */
    public static boolean fits(long sizeBytes, AudioLayout layout) {
        List<ByteRange> pictures = layout.pictures();
        return sizeBytes >= 0
                && sizeBytes <= MAX_FILE_BYTES
                && layout.audioEnd() <= sizeBytes
                && (pictures.isEmpty() || pictures.get(pictures.size() - 1).end() <= sizeBytes);
    }

    private static long addAudio(List<Section> sections, long at, AudioLayout layout) {
        long start = add(sections, at, layout.audioStart(), false);
        return add(sections, start, layout.audioEnd(), true);
    }

    private static long add(List<Section> sections, long from, long to, boolean audio) {
        if (to > from) {
            int first =
                    sections.isEmpty() ? 0 : sections.get(sections.size() - 1).endBlock();
            sections.add(new Section(from, to - from, audio, first));
        }
        return to;
    }

    /** How many blocks there are; 0 for an empty file. */
    public int count() {
        return count;
    }

    /** The bytes of a block. */
    public ByteRange range(int block) {
        Section section = sectionOf(block);
        int index = block - section.firstBlock();
        long from = section.blockStart(index);
        return new ByteRange(section.start() + from, section.blockStart(index + 1) - from);
    }

    /** {@link EvictionClass#TAGS} for the blocks that a scan for tags reads. */
    public EvictionClass evictionClass(int block) {
        Section section = sectionOf(block);
        int index = block - section.firstBlock();
        return section.audio() && index >= 2 && index < section.blocks() - 2 ? EvictionClass.AUDIO : EvictionClass.TAGS;
    }

    /** The block that holds the byte at {@code offset}, which must be in the file. */
    public int blockAt(long offset) {
        int low = 0;
        int high = sections.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (sections[middle].start() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (offset < 0 || count == 0 || offset >= sections[low].start() + sections[low].length()) {
            throw new IndexOutOfBoundsException("no block holds offset " + offset);
        }
        return sections[low].firstBlock() + sections[low].blockAt(offset - sections[low].start());
    }

    private Section sectionOf(int block) {
        if (block < 0 || block >= count) {
            throw new IndexOutOfBoundsException("block " + block + " of " + count);
        }
        int low = 0;
        int high = sections.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (sections[middle].firstBlock() <= block) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return sections[low];
    }

    /** A part of the file that is cut by itself; offsets are relative to {@code start}. */
    private record Section(long start, long length, boolean audio, int firstBlock) {
        private static final long LAST = 16 << 10;
        private static final long BEFORE_LAST = 112 << 10;
        private static final long LARGEST = ChunkStore.MAX_CHUNK_BYTES;
        /** The audio's blocks that are smaller than the largest: 64, 64, 128, 256, 512 KiB. */
        private static final int GROWING = 5;

        private static final long SMALLEST = 64 << 10;

        int endBlock() {
            return firstBlock + blocks();
        }

        /** The bytes before the two blocks at the audio's end. */
        private long body() {
            return audio ? Math.max(0, length - LAST - BEFORE_LAST) : length;
        }

        private int bodyBlocks() {
            long body = body();
            return body == 0 ? 0 : bodyBlockAt(body - 1) + 1;
        }

        int blocks() {
            return bodyBlocks() + (audio ? (length > LAST ? 2 : 1) : 0);
        }

        private int bodyBlockAt(long offset) {
            if (!audio) {
                return Math.toIntExact(offset / LARGEST);
            }
            if (offset >= LARGEST) {
                return GROWING - 1 + Math.toIntExact(offset / LARGEST);
            }
            return 64 - Long.numberOfLeadingZeros(offset / SMALLEST);
        }

        int blockAt(long offset) {
            if (offset < body()) {
                return bodyBlockAt(offset);
            }
            return offset < length - LAST ? bodyBlocks() : blocks() - 1;
        }

        /** Where a block starts; for the number after the last, where the section ends. */
        long blockStart(int index) {
            int inBody = bodyBlocks();
            if (index < inBody) {
                if (!audio) {
                    return index * LARGEST;
                }
                return index >= GROWING ? (index - GROWING + 1) * LARGEST : index == 0 ? 0 : SMALLEST << (index - 1);
            }
            if (index >= blocks()) {
                return length;
            }
            return index == inBody && length > LAST ? body() : Math.max(0, length - LAST);
        }
    }
}
