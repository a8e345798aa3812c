package dev.musicfs.content.fetch;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.content.plan.Manifest;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps stored blocks of a file for its next version: those of the audio when its length is the same and the file's own
 * hash of the stream, if it has one, does not differ, and those of every picture whose length is that of one before. Of
 * each, up to 16 KiB at the head, in the middle and at the tail of what is stored are compared with the new version.
 */
public final class CarryOver {
    private final Pipeline pipeline;
    private final FileVersion version;
    private final Manifest old;
    private final AudioLayout layout;
    private final FileSource source;
    private final Deadline deadline;

    /**
     * @param source reads the new version
     * @param old the manifest of the version before
     * @param layout of the new version
     * @param deadline for what is read to compare
     */
    public CarryOver(Pipeline pipeline, FileSource source, Manifest old, AudioLayout layout, Deadline deadline) {
        this.pipeline = pipeline;
        this.version = source.version();
        this.old = old;
        this.layout = layout;
        this.source = source;
        this.deadline = deadline;
    }

    /** The addresses of the blocks that are the same, by their number in the new version. */
    public Future<Map<Integer, ChunkId>> run() {
        if (!pipeline.parts().store().state().readable()
                || !BlockPlan.fits(old.version().sizeBytes(), old.layout())) {
            return Future.succeededFuture(Map.of());
        }
        BlockPlan from = BlockPlan.of(old.version().sizeBytes(), old.layout());
        BlockPlan to = BlockPlan.of(version.sizeBytes(), layout);
        Map<Integer, ChunkId> carried = new HashMap<>();
        Future<Void> last = Future.succeededFuture();
        for (Pair pair : pairs()) {
            last = last.compose(nothing -> carry(pair, from, to))
                    .onSuccess(carried::putAll)
                    .mapEmpty();
        }
        return last.map(nothing -> carried);
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        ByteRange before = audio(old.layout());
        ByteRange now = audio(layout);
        boolean sameStream = old.layout().streamHash().isEmpty()
                || layout.streamHash().isEmpty()
                || layout.streamHash().equals(old.layout().streamHash());
        // Where nothing is known of the file, its tags count as audio, and a few samples would not show a change of
        // them.
        boolean known = !layout.equals(AudioLayout.unknown(version.sizeBytes()));
        if (known && sameStream && now.length() > 0 && now.length() == before.length()) {
            pairs.add(new Pair(before, now));
        }
        List<ByteRange> left = new ArrayList<>(old.layout().pictures());
        for (ByteRange picture : layout.pictures()) {
            left.stream()
                    .filter(each -> each.length() == picture.length() && picture.length() > 0)
                    .findFirst()
                    .ifPresent(same -> {
                        left.remove(same);
                        pairs.add(new Pair(same, picture));
                    });
        }
        return pairs;
    }

    private static ByteRange audio(AudioLayout layout) {
        return new ByteRange(layout.audioStart(), layout.audioEnd() - layout.audioStart());
    }

    private Future<Map<Integer, ChunkId>> carry(Pair pair, BlockPlan from, BlockPlan to) {
        Promise<Found> found = Promise.promise();
        pipeline.parts().searchers().execute(() -> {
            try {
                found.complete(findBlocking(pair, from, to));
            } catch (RuntimeException e) {
                found.fail(MusicFsException.wrap("The store could not be searched", e));
            }
        });
        return found.future()
                .compose(candidates -> Samples.areEqual(candidates.samples(), source, deadline, pipeline.counters())
                        .map(equal -> equal ? candidates.blocks() : Map.<Integer, ChunkId>of()))
                .otherwise(Map.of());
    }

    /** The blocks of a section that are in the store, and samples of them. */
    private Found findBlocking(Pair pair, BlockPlan from, BlockPlan to) {
        ChunkStore store = pipeline.parts().store();
        int first = from.blockAt(pair.before().offset());
        int last = from.blockAt(pair.before().end() - 1);
        int shift = to.blockAt(pair.now().offset()) - first;
        List<Integer> present = new ArrayList<>();
        Map<Integer, ChunkId> blocks = new HashMap<>();
        for (int block = first; block <= last; block++) {
            ChunkId chunk = old.chunks().get(block);
            if (chunk != null && store.containsBlocking(chunk)) {
                present.add(block);
                blocks.put(block + shift, chunk);
            }
        }
        List<Samples.Sample> samples = new ArrayList<>();
        for (ByteRange range : Samples.of(present, from)) {
            int block = from.blockAt(range.offset());
            ChunkId chunk = blocks.get(block + shift);
            if (chunk != null) {
                ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
                int offset = (int) (range.offset() - from.range(block).offset());
                store.readBlocking(chunk, offset, bytes);
                bytes.flip();
                long distance = pair.now().offset() - pair.before().offset();
                samples.add(new Samples.Sample(new ByteRange(range.offset() + distance, range.length()), bytes));
            }
        }
        return new Found(blocks, samples);
    }

    /** One part of the file, in both versions. */
    private record Pair(ByteRange before, ByteRange now) {}

    private record Found(Map<Integer, ChunkId> blocks, List<Samples.Sample> samples) {}
}
