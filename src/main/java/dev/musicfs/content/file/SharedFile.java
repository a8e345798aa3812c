package dev.musicfs.content.file;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.PendingRead;
import dev.musicfs.content.fetch.ReadAhead;
import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.fetch.Stride;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a file, for all who have it open: what is known of its blocks and what is being fetched of it. Confined
 * to the loop, apart from what is said otherwise.
 */
final class SharedFile {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFile.class);
    /** How long nothing is fetched behind the readers' backs after something could not be had. */
    private static final Duration BREATHER = Duration.ofSeconds(5);
    /** Calls to origins beyond which nothing more is fetched behind the readers' backs. */
    private static final int MAX_IN_FLIGHT_BEHIND = 8;

    private final Pipeline pipeline;
    private final SharedFiles files;
    private final FileRow row;
    private final Copies copies;
    private final Runnable onStale;
    private final Budget.Share share;
    private final ManifestLog log = new ManifestLog(this);
    private final Map<Integer, Block> blocks = new LinkedHashMap<>();
    private final Set<CachedFile> handles = new LinkedHashSet<>();
    private final Preparation preparation;
    private volatile @Nullable BlockAddresses addresses;
    private volatile boolean discredited;
    private boolean reported;
    private int inFlight;
    private @Nullable Deadline breather;

    SharedFile(Pipeline pipeline, SharedFiles files, FileRow row, List<Copy> copies, Runnable onStale) {
        this.pipeline = pipeline;
        this.files = files;
        this.row = row;
        this.copies = new Copies(this, copies);
        this.onStale = onStale;
        this.share = pipeline.shareOf(row.origin());
        this.preparation = new Preparation(this);
    }

    /** For any thread. */
    Pipeline pipeline() {
        return pipeline;
    }

    long fileId() {
        return row.id();
    }

    Copies copies() {
        return copies;
    }

    RealPath path() {
        return row.path();
    }

    /** For any thread. */
    FileVersion version() {
        return row.version();
    }

    Budget.Share share() {
        return share;
    }

    Preparation preparation() {
        return preparation;
    }

    ManifestLog log() {
        return log;
    }

    /** What is known of its blocks, null as long as nobody has had to ask how it is cut; for any thread. */
    @Nullable
    BlockAddresses addressesOrNull() {
        return addresses;
    }

    /** As {@link #addressesOrNull}, after something has been read; for any thread. */
    BlockAddresses addresses() {
        BlockAddresses now = addresses;
        if (now == null) {
            throw new IllegalStateException(this + " has not been cut yet");
        }
        return now;
    }

    void addresses(BlockAddresses known) {
        addresses = known;
    }

    BlockPlan plan() {
        return addresses().plan();
    }

    /** Fails with {@code STALE} once this version is known not to be what it was; for any thread. */
    void requireUsable() {
        if (discredited) {
            throw stale();
        }
    }

    boolean closed() {
        return handles.isEmpty();
    }

    boolean newest() {
        return files.isNewest(this);
    }

    /** Its manifest holds nothing any more but what this has written. */
    void manifestBegun() {
        files.credit(this);
    }

    CachedFile open() {
        CachedFile handle = new CachedFile(this);
        handles.add(handle);
        return handle;
    }

    void close(CachedFile handle) {
        handles.remove(handle);
        if (closed()) {
            List.copyOf(blocks.values()).forEach(Block::stopBehind);
            log.flush();
            settle();
        }
    }

    /** Leaves when nobody has it open and nothing is left to be done for it. */
    void settle() {
        if (closed() && blocks.isEmpty() && log.quiet() && !preparation.running()) {
            files.remove(this);
        }
    }

    /** Reads soon; for any thread. */
    Future<ReadReply> read(ReadRequest request, ReadAhead ahead) {
        PendingRead read = new PendingRead(request.deadline());
        pipeline.loop().execute(() -> begin(read, request, ahead));
        return read.reply();
    }

    private void begin(PendingRead read, ReadRequest request, ReadAhead ahead) {
        pipeline.counters().misses.increment();
        if (!pipeline.parts().store().state().readable() || !pipeline.writer().open()) {
            pipeline.counters().passthroughReads.increment();
        }
        if (closed()) {
            read.fail(new MusicFsException(FailureKind.INVALID, this + " is closed."));
            return;
        }
        if (addresses != null || request.deadline().expired()) {
            fetch(read, request, ahead);
        } else {
            preparation.done(request.deadline()).onSuccess(known -> fetch(read, request, ahead));
        }
    }

    private void fetch(PendingRead read, ReadRequest request, ReadAhead ahead) {
        if (discredited) {
            read.fail(stale());
            return;
        }
        if (request.deadline().expired()) {
            read.fail(new MusicFsException(FailureKind.TIMEOUT, "Nobody waits for " + this + " any more."));
            return;
        }
        BlockPlan plan = plan();
        ByteRange range = request.range().within(version().sizeBytes());
        boolean readable =
                !request.pastStore() && pipeline.parts().store().state().readable();
        for (long at = range.offset(); at < range.end(); ) {
            int number = plan.blockAt(at);
            ByteRange whole = plan.range(number);
            long end = Math.min(whole.end(), range.end());
            Block block = blocks.get(number);
            ChunkId stored = block == null && readable ? addresses().stored(number) : null;
            if (stored != null) {
                read.stored(number, stored, (int) (at - whole.offset()), (int) (end - at));
            } else {
                // Small pieces, since a reader waits for each as a whole.
                (block == null ? begin(number, Stride.LEAST_BYTES) : block).want(read, at, end);
            }
            at = end;
        }
        read.whole();
        if (range.length() > 0) {
            noticed(ahead, plan, plan.blockAt(range.offset()), plan.blockAt(range.end() - 1));
        }
    }

    /** Somebody has read in these blocks. */
    void noticed(ReadAhead ahead, BlockPlan plan, int first, int last) {
        ahead.read(plan, first, last);
        hungry();
    }

    private Block begin(int number, int pieceBytes) {
        Block block = new Block(this, number, addresses().expected(number), pieceBytes);
        blocks.put(number, block);
        return block;
    }

    void hungry() {
        pipeline.hungry(this);
    }

    /** Something could not be had: for a while only what readers wait for is asked for, by which they notice the end. */
    void troubled() {
        breather = pipeline.deadline(BREATHER);
        share.stride().failed();
        stopReadingAhead();
    }

    /** Something came. */
    void healthy() {
        breather = null;
    }

    /** Fetches some of what nobody waits for; whether there may be more. */
    boolean fetchBehind() {
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
        for (Block block : blocks.values()) {
            if (block.wantsMore()) {
                return block;
            }
        }
        if (discredited || !pipeline.parts().store().state().prefetching()) {
            return null;
        }
        for (CachedFile handle : handles) {
            ReadAhead ahead = handle.ahead();
            for (int number = ahead.next(); ahead.wants(plan(), number); number++) {
                if (addresses().stored(number) == null && !blocks.containsKey(number)) {
                    Block block = begin(number, share.stride().bytes());
                    block.wantAhead();
                    return block;
                }
            }
        }
        return null;
    }

    /** What is in memory and may be shown. */
    List<Piece> shownPieces() {
        return blocks.values().stream().flatMap(Block::shown).toList();
    }

    void stopReadingAhead() {
        handles.forEach(handle -> handle.ahead().stop());
    }

    /** Counts calls to the origin that have not been answered. */
    void inFlight(int more) {
        inFlight += more;
    }

    void stored(int block, ChunkId chunk) {
        if (!discredited) {
            addresses().stored(block, chunk);
            log.add(block, chunk);
        }
    }

    /** Nothing of the block is in memory any more. */
    void forget(int number, Block block) {
        blocks.remove(number, block);
        settle();
    }

    /** The origin has another version. */
    void changedAtOrigin() {
        if (!reported) {
            reported = true;
            onStale.run();
        }
    }

    /** The copies have other bytes and say they are this version: nothing that is known of it is true any more. */
    void discredit() {
        discredited = true;
        files.discredit(this);
        log.end();
        pipeline.parts()
                .manifests()
                .forget(fileId())
                .onFailure(e -> LOG.warn("The manifest of {} is wrong and could not be taken away.", this, e));
        changedAtOrigin();
        MusicFsException stale = stale();
        List.copyOf(blocks.values()).forEach(block -> block.failAll(stale));
    }

    private MusicFsException stale() {
        return new MusicFsException(FailureKind.STALE, this + " has changed, and its time of modification has not.");
    }

    @Override
    public String toString() {
        return row.path() + " of " + row.origin();
    }
}
