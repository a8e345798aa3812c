package dev.musicfs.content.file;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.FetchListener;
import dev.musicfs.content.fetch.FileFetch;
import dev.musicfs.content.fetch.PendingRead;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.fetch.ReadAhead;
import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a file, for all who have it open. Once its bytes contradict what was known of them it is discredited:
 * nothing of it is shown any more. Confined to the loop, apart from what is said otherwise.
 */
final class SharedFile {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFile.class);

    private final Pipeline pipeline;
    private final Registry registry;
    private final FileRow row;
    private final Runnable onStale;
    private final FileFetch fetch;
    private final ManifestLog log;
    private final FileLoading loading;
    private volatile boolean discredited;
    private boolean reported;

    /** Not yet loaded. */
    SharedFile(Pipeline pipeline, Registry registry, FileRow row, List<Copy> copies, Runnable onStale) {
        this.pipeline = pipeline;
        this.registry = registry;
        this.row = row;
        this.onStale = onStale;
        this.fetch = new FileFetch(pipeline, row.origin(), name(row), copies, new Fetched());
        this.log = new ManifestLog(pipeline, row, new Written());
        this.loading = new FileLoading(pipeline, row, fetch::source, new Loaded());
    }

    /** The files that are open. */
    interface Registry {
        /** Whether no later version of the file has been opened. */
        boolean isNewest(SharedFile file);

        /** Nobody has it open, and nothing more is done for it. */
        void remove(SharedFile file);

        /** What is stored about this version is not to be believed. */
        void discredit(SharedFile file);

        /** What is stored about this version was written anew, and is to be believed. */
        void credit(SharedFile file);
    }

    private static String name(FileRow row) {
        return row.path() + " of " + row.origin();
    }

    /** For any thread. */
    Pipeline pipeline() {
        return pipeline;
    }

    long fileId() {
        return row.id();
    }

    /** For any thread. */
    FileVersion version() {
        return row.version();
    }

    /** What is known of its blocks, null as long as nobody has had to ask how it is cut; for any thread. */
    @Nullable
    BlockAddresses addressesOrNull() {
        return fetch.addressesOrNull();
    }

    /** As {@link #addressesOrNull}, after something has been read; for any thread. */
    BlockAddresses addresses() {
        return fetch.addresses();
    }

    /** Fails with {@code STALE} once this version is known not to be what it was; for any thread. */
    void requireUsable() {
        if (discredited) {
            throw stale();
        }
    }

    /**
     * Loads what is known of it; never fails.
     *
     * @param believed whether what is stored about this version may be used
     */
    void load(boolean believed) {
        loading.load(believed);
    }

    /** Completes when {@link #load} is over, on the loop; never fails. */
    Future<Void> loaded() {
        return loading.loaded();
    }

    /** Where the catalog says now that its bytes are. */
    void copies(List<Copy> copies) {
        fetch.copies(copies);
    }

    /** Somebody opens it. */
    void open(ReadAhead reader) {
        fetch.open(reader);
    }

    /** Somebody closes it. */
    @Dropped("the log says what it cannot write and tries it again")
    void close(ReadAhead reader) {
        fetch.close(reader);
        if (fetch.closed()) {
            log.flush();
            settle();
        }
    }

    /** Writes down what is known of it. */
    Future<Void> flush() {
        return log.flush();
    }

    private void settle() {
        if (fetch.closed() && fetch.isEmpty() && log.quiet() && !loading.running()) {
            registry.remove(this);
        }
    }

    /**
     * Reads a range, which is cut at the end of the file.
     *
     * @param pastStore whether nothing is to be taken from the store
     * @param deadline after which nobody waits for it
     */
    @Dropped("loading a file never fails")
    Future<ReadReply> read(ByteRange range, boolean pastStore, Deadline deadline, ReadAhead reader) {
        PendingRead read = new PendingRead(deadline);
        pipeline.counters().misses.increment();
        if (pipeline.bypassesStore()) {
            pipeline.counters().passthroughReads.increment();
        }
        ByteRange inFile = range.within(version().sizeBytes());
        if (fetch.closed()) {
            read.fail(new MusicFsException(FailureKind.INVALID, this + " is closed."));
        } else if (fetch.addressesOrNull() != null || deadline.expired()) {
            fetch(read, inFile, pastStore, reader);
        } else {
            loading.cut(deadline).onSuccess(known -> fetch(read, inFile, pastStore, reader));
        }
        return read.reply();
    }

    private void fetch(PendingRead read, ByteRange range, boolean pastStore, ReadAhead reader) {
        if (discredited) {
            read.fail(stale());
        } else if (read.deadline().expired()) {
            read.fail(new MusicFsException(FailureKind.TIMEOUT, "Nobody waits for " + this + " any more."));
        } else {
            fetch.read(read, range, pastStore, reader);
        }
    }

    /** Somebody has read in these blocks, the last one included. */
    void noticed(ReadAhead reader, BlockPlan plan, int first, int last) {
        fetch.noticed(reader, plan, first, last);
    }

    private void changedAtOrigin() {
        if (!reported) {
            reported = true;
            onStale.run();
        }
    }

    /** The file is another: all that is known of it is wrong now. */
    private void discredit() {
        discredited = true;
        registry.discredit(this);
        log.end();
        pipeline.parts()
                .manifests()
                .forget(fileId())
                .onFailure(e -> LOG.warn("The manifest of {} is wrong and could not be taken away.", this, e));
        changedAtOrigin();
        fetch.end(stale());
    }

    private MusicFsException stale() {
        return new MusicFsException(FailureKind.STALE, this + " has changed, and its time of modification has not.");
    }

    @Override
    public String toString() {
        return name(row);
    }

    /** The outcome of fetching. */
    private final class Fetched implements FetchListener {
        @Override
        public void stored(int block, ChunkId chunk) {
            if (!discredited) {
                addresses().stored(block, chunk);
                log.add(block, chunk);
            }
        }

        @Override
        public void changedAtOrigin() {
            SharedFile.this.changedAtOrigin();
        }

        @Override
        public void contradicted() {
            discredit();
        }

        @Override
        public void blockGone() {
            settle();
        }
    }

    /** The outcome of loading. */
    private final class Loaded implements FileLoading.Listener {
        @Override
        public void known(BlockAddresses addresses, boolean written) {
            if (written) {
                log.alreadyBegun();
            }
            fetch.addresses(addresses);
        }

        @Dropped("the log says what it cannot write and tries it again")
        @Override
        public void carried(Map<Integer, ChunkId> blocks) {
            pipeline.counters().carriedBlocks.add(blocks.size());
            blocks.forEach(log::add);
            log.flush();
            settle();
        }
    }

    /** What the manifest asks, and the outcome of writing it. */
    private final class Written implements ManifestLog.Owner {
        @Override
        public boolean closed() {
            return fetch.closed();
        }

        @Override
        public boolean newest() {
            return registry.isNewest(SharedFile.this);
        }

        @Override
        public BlockAddresses addresses() {
            return fetch.addresses();
        }

        @Override
        public void begun() {
            registry.credit(SharedFile.this);
        }

        @Override
        public void idle() {
            settle();
        }
    }
}
