package dev.musicfs.content.fetch;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a copy that claims to have the same audio with what is known of a file's own audio, in the store or in
 * memory: up to 16 KiB each at the head, in the middle and at the tail of it.
 */
final class AudioProof {
    private final Pipeline pipeline;
    private final Known file;
    private final Copy copy;
    private final FileSource own;
    private final Deadline deadline;

    /** @param own reads the copy alone, with offsets of its own */
    AudioProof(Pipeline pipeline, Known file, Copy copy, FileSource own, Deadline deadline) {
        this.pipeline = pipeline;
        this.file = file;
        this.copy = copy;
        this.own = own;
        this.deadline = deadline;
    }

    /** What is known of the file's own bytes. */
    interface Known {
        /** What is known of its blocks, null as long as it has not been cut. */
        @Nullable
        BlockAddresses addressesOrNull();

        /** The bytes in memory that may be shown, in order; to be used at once. */
        List<Shown> shown();
    }

    /** A part of the file in memory, which is not retained. */
    record Shown(ByteRange range, PooledBuffer bytes) {}

    /** The outcome. */
    enum Result {
        EQUAL,
        OTHER,
        /** There was nothing to compare with. */
        OPEN
    }

    /** To be called on the loop; fails when the copy cannot be read. */
    Future<Result> run() {
        List<Samples.Sample> samples = new ArrayList<>(inMemory());
        BlockAddresses addresses = file.addressesOrNull();
        if (addresses == null) {
            return compare(samples);
        }
        Promise<List<Samples.Sample>> found = Promise.promise();
        pipeline.parts().searchers().execute(() -> {
            try {
                found.complete(inStoreBlocking(addresses));
            } catch (RuntimeException e) {
                found.fail(MusicFsException.wrap("The store could not be searched", e));
            }
        });
        return found.future().otherwise(List.of()).compose(stored -> {
            samples.addAll(stored);
            return compare(samples);
        });
    }

    private Future<Result> compare(List<Samples.Sample> samples) {
        if (samples.isEmpty()) {
            return Future.succeededFuture(Result.OPEN);
        }
        List<Samples.Sample> shifted = samples.stream()
                .map(sample -> new Samples.Sample(
                        new ByteRange(
                                sample.range().offset() + copy.audioShift(),
                                sample.range().length()),
                        sample.bytes()))
                .toList();
        return Samples.areEqual(shifted, own, deadline, pipeline.counters())
                .map(equal -> equal ? Result.EQUAL : Result.OTHER);
    }

    private List<Samples.Sample> inMemory() {
        List<Shown> here = file.shown().stream()
                .filter(shown -> audioOf(shown.range()).length() > 0)
                .toList();
        List<Shown> some =
                here.size() <= 3 ? here : List.of(here.get(0), here.get(here.size() / 2), here.get(here.size() - 1));
        return some.stream().map(this::sampleOf).toList();
    }

    private Samples.Sample sampleOf(Shown shown) {
        ByteRange range = audioOf(shown.range());
        int length = (int) Math.min(range.length(), Samples.SAMPLE_BYTES);
        int offset = (int) (range.offset() - shown.range().offset());
        return new Samples.Sample(
                new ByteRange(range.offset(), length),
                ByteBuffer.wrap(shown.bytes().copy(offset, length)));
    }

    private List<Samples.Sample> inStoreBlocking(BlockAddresses addresses) {
        ChunkStore store = pipeline.parts().store();
        BlockPlan plan = addresses.plan();
        if (!store.state().readable() || copy.sameTo() <= copy.sameFrom()) {
            return List.of();
        }
        Map<Integer, ChunkId> present = new HashMap<>();
        List<Integer> blocks = new ArrayList<>();
        int last = plan.blockAt(copy.sameTo() - 1);
        for (int block = plan.blockAt(copy.sameFrom()); block <= last; block++) {
            ChunkId chunk = addresses.stored(block);
            if (chunk != null && store.containsBlocking(chunk)) {
                blocks.add(block);
                present.put(block, chunk);
            }
        }
        List<Samples.Sample> samples = new ArrayList<>();
        for (ByteRange sampled : Samples.of(blocks, plan)) {
            int block = plan.blockAt(sampled.offset());
            ChunkId chunk = present.get(block);
            ByteRange range = audioOf(sampled);
            if (chunk != null && range.length() > 0) {
                ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
                store.readBlocking(
                        chunk, (int) (range.offset() - plan.range(block).offset()), bytes);
                samples.add(new Samples.Sample(range, bytes.flip()));
            }
        }
        return samples;
    }

    /** The part of a range in which the copy claims to be the same. */
    private ByteRange audioOf(ByteRange range) {
        long from = Math.max(range.offset(), copy.sameFrom());
        return new ByteRange(from, Math.max(0, Math.min(range.end(), copy.sameTo()) - from));
    }
}
