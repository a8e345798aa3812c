package dev.musicfs.content.fetch;

import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is fetched of one version of a file, for all who have it open: its blocks that are in memory or on their way, and
 * those that its readers will want next. Confined to the loop, apart from what is said otherwise.
 */
public final class FileFetch {
    /** How long after a failure nothing is fetched but what a reader waits for. */
    private static final Duration BREATHER = Duration.ofSeconds(5);
    /** Calls in flight beyond which nothing is fetched but what a reader waits for. */
    private static final int MAX_IN_FLIGHT_BEHIND = 8;

    private final FileContext file;
    private final Blocks blocks = new Blocks();
    private final Pipeline.Hungry hunger = this::fetchBehind;
    private final Set<ReadAhead> readers = new LinkedHashSet<>();
    private volatile @Nullable BlockAddresses addresses;
    private boolean ended;
    private int inFlight;
    private @Nullable Deadline breather;

    /**
     * Nothing is fetched yet.
     *
     * @param origin of the file itself, which is charged for what is on its way
     * @param name for messages
     * @param copies where the bytes are: first the file itself
     */
    public FileFetch(Pipeline pipeline, OriginId origin, String name, List<Copy> copies, FetchListener listener) {
        this.file = new FileContext(
                pipeline, new Copies(pipeline, name, new Known(), copies), pipeline.shareOf(origin), name, listener);
    }

    /** What is known of its blocks, null as long as nobody has had to ask how it is cut; for any thread. */
    public @Nullable BlockAddresses addressesOrNull() {
        return addresses;
    }

    /** As {@link #addressesOrNull}, after something has been read; for any thread. */
    public BlockAddresses addresses() {
        BlockAddresses now = addresses;
        if (now == null) {
            throw new IllegalStateException(file.name() + " has not been cut yet");
        }
        return now;
    }

    /** How it is cut, and what is known of its blocks. */
    public void addresses(BlockAddresses known) {
        addresses = known;
    }

    /** Where the catalog says now that its bytes are. */
    public void copies(List<Copy> copies) {
        file.copies().renew(copies);
    }

    /** Reads the copies whose bytes may be mixed; for any thread. */
    public FileSource source() {
        return file.copies().source();
    }

    /** Somebody has opened it. */
    public void open(ReadAhead reader) {
        readers.add(reader);
    }

    /** Somebody has closed it. Once nobody has it open, only what a reader waits for is still fetched. */
    public void close(ReadAhead reader) {
        readers.remove(reader);
        if (closed()) {
            blocks.all().forEach(Block::stopBehind);
        }
    }

    /** Whether nobody has it open. */
    public boolean closed() {
        return readers.isEmpty();
    }

    /** Whether nothing of it is in memory or on its way. */
    public boolean isEmpty() {
        return blocks.byNumber.isEmpty();
    }

    /**
     * Answers a read from memory, from the store or from the origin.
     *
     * @param pastStore whether nothing is to be taken from the store
     * @param range inside the file
     */
    public void read(PendingRead read, ByteRange range, boolean pastStore, ReadAhead reader) {
        BlockAddresses known = addresses();
        BlockPlan plan = known.plan();
        boolean readable = !pastStore && file.pipeline().parts().store().state().readable();
        for (long at = range.offset(); at < range.end(); ) {
            int number = plan.blockAt(at);
            ByteRange whole = plan.range(number);
            long end = Math.min(whole.end(), range.end());
            Block block = blocks.byNumber.get(number);
            ChunkId stored = block == null && readable ? known.stored(number) : null;
            if (stored != null) {
                read.stored(number, stored, (int) (at - whole.offset()), (int) (end - at));
            } else {
                // Small pieces, since a reader waits for each as a whole.
                (block == null ? blocks.begin(number, FetchSize.LEAST_BYTES) : block).want(read, at, end);
            }
            at = end;
        }
        read.whole();
        if (range.length() > 0) {
            noticed(reader, plan, plan.blockAt(range.offset()), plan.blockAt(range.end() - 1));
        }
    }

    /** Somebody has read in these blocks, the last one included. */
    public void noticed(ReadAhead reader, BlockPlan plan, int first, int last) {
        reader.read(plan, first, last);
        blocks.hungry();
    }

    /** Gives up everything that is in memory or on its way, and fetches nothing ahead any more. */
    public void end(Throwable why) {
        ended = true;
        blocks.all().forEach(block -> block.failAll(why));
    }

    /** Fetches some of what no reader waits for; whether there may be more. */
    private boolean fetchBehind() {
        if (breather != null && !breather.expired()) {
            return false;
        }
        while (!closed() && addresses != null && inFlight < MAX_IN_FLIGHT_BEHIND) {
            Block next = nextBehind();
            if (next == null) {
                return false;
            }
            if (!next.fetchBehind()) {
                return true;
            }
        }
        return !closed() && addresses != null;
    }

    private @Nullable Block nextBehind() {
        for (Block block : blocks.byNumber.values()) {
            if (block.wantsMore()) {
                return block;
            }
        }
        if (ended || !file.pipeline().parts().store().state().prefetching()) {
            return null;
        }
        BlockAddresses known = addresses();
        for (ReadAhead reader : readers) {
            for (int number = reader.next(); reader.wants(known.plan(), number); number++) {
                if (known.stored(number) == null && !blocks.byNumber.containsKey(number)) {
                    Block block = blocks.begin(number, file.share().fetchSize().bytes());
                    block.wantAhead();
                    return block;
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return file.name();
    }

    /** What its copies can be compared with. */
    private final class Known implements AudioProof.Known {
        @Override
        public @Nullable BlockAddresses addressesOrNull() {
            return addresses;
        }

        @Override
        public List<AudioProof.Shown> shown() {
            return blocks.byNumber.values().stream()
                    .flatMap(Block::shown)
                    .map(piece -> new AudioProof.Shown(piece.range(), piece.bytes()))
                    .toList();
        }
    }

    /** The blocks, and what they report. */
    private final class Blocks implements Block.Owner {
        private final Map<Integer, Block> byNumber = new LinkedHashMap<>();

        Block begin(int number, int pieceBytes) {
            BlockAddresses known = addresses();
            Block block = new Block(file, this, known, number, pieceBytes);
            byNumber.put(number, block);
            return block;
        }

        List<Block> all() {
            return List.copyOf(byNumber.values());
        }

        @Override
        public boolean closed() {
            return FileFetch.this.closed();
        }

        @Override
        public void healthy() {
            breather = null;
        }

        @Override
        public void troubled() {
            // Until then readers' own requests show whether the origin is back.
            breather = file.pipeline().deadline(BREATHER);
            file.share().fetchSize().failed();
            stopReadingAhead();
        }

        @Override
        public void hungry() {
            file.pipeline().hungry(hunger);
        }

        @Override
        public void stopReadingAhead() {
            readers.forEach(ReadAhead::stop);
        }

        @Override
        public void inFlight(int more) {
            inFlight += more;
        }

        @Override
        public void forget(int number, Block block) {
            byNumber.remove(number, block);
            file.listener().blockGone();
        }
    }
}
