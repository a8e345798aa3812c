package dev.musicfs.content.fetch;

import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Compares a few bytes in place of all: up to 16 KiB at the head, in the middle and at the tail. */
final class Samples {
    static final int SAMPLE_BYTES = 16 << 10;

    private Samples() {}

    /** A range and the bytes it should have. */
    record Sample(ByteRange range, ByteBuffer bytes) {}

    /** Ranges at the head, middle and tail of these blocks, in order; those that touch within a block are joined. */
    static List<ByteRange> of(List<Integer> present, BlockPlan plan) {
        if (present.isEmpty()) {
            return List.of();
        }
        ByteRange head = plan.range(present.get(0));
        ByteRange middle = plan.range(present.get(present.size() / 2));
        ByteRange tail = plan.range(present.get(present.size() - 1));
        List<ByteRange> ranges = new ArrayList<>();
        add(ranges, head, 0);
        add(ranges, middle, (middle.length() - SAMPLE_BYTES) / 2);
        add(ranges, tail, tail.length() - SAMPLE_BYTES);
        return ranges;
    }

    private static void add(List<ByteRange> ranges, ByteRange block, long offset) {
        long start = block.offset() + Math.max(0, offset);
        long end = Math.min(start + SAMPLE_BYTES, block.end());
        if (!ranges.isEmpty()) {
            ByteRange before = ranges.get(ranges.size() - 1);
            if (before.offset() >= block.offset() && before.end() >= start) {
                ranges.remove(ranges.size() - 1);
                start = Math.min(start, before.offset());
                end = Math.max(end, before.end());
            }
        }
        ranges.add(new ByteRange(start, end - start));
    }

    /** Whether the source has the bytes of every sample; fails when one cannot be read. */
    static Future<Boolean> areEqual(List<Sample> samples, FileSource source, Deadline deadline, Counters counters) {
        List<Future<Boolean>> all = new ArrayList<>();
        for (Sample sample : samples) {
            all.add(source.read(sample.range(), deadline).map(fetched -> {
                counters.fetchedBytes.add(fetched.bytes().length());
                return fetched.bytes().length() == sample.range().length()
                        && ByteBuffer.wrap(fetched.bytes().getBytes()).equals(sample.bytes());
            }));
        }
        return Future.all(all).map(done -> all.stream().allMatch(Future::result));
    }
}
