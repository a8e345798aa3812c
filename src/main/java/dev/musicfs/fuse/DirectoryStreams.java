package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * libfuse's directory handles when the kernel opens directories without asking. They are opened and released by
 * requests made here, whose replies never reach the kernel. A stream belongs to one reading thread; while a request
 * works with it, it is out of the map, so that no other can use or release it.
 */
final class DirectoryStreams implements AutoCloseable {
    /** Streams that wait for their reader to go on; beyond that the oldest is released. */
    static final int MAX_WAITING = 1024;

    /** The kernel's numbers are even and count from zero. */
    private static final long FIRST_UNIQUE = 1L << 62 | 1;

    private record Key(long node, int pid) {}

    /** What the closures need to know of the request this thread is in. */
    private static final class Exchange {
        final Key key;
        final long handle;
        boolean ended;
        int error = Errno.EIO.negated();
        long opened;

        Exchange(Key key, long handle) {
            this.key = key;
            this.handle = handle;
        }
    }

    private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

    private final LibFuse fuse;
    private final long session;
    private final long device;
    private final ReplyChannel opening;
    private final ReplyChannel reading;
    private final ReplyChannel releasing;
    private final Map<Key, Long> waiting = new LinkedHashMap<>();
    private final AtomicLong uniques = new AtomicLong(FIRST_UNIQUE);
    private final AtomicLong opens = new AtomicLong();

    DirectoryStreams(LibFuse fuse, long session, long device, OperationTable closures) {
        this.fuse = fuse;
        this.session = session;
        this.device = device;
        this.opening = new ReplyChannel(fuse, device, closures, this::opened);
        this.reading = new ReplyChannel(fuse, device, closures, this::read);
        this.releasing = new ReplyChannel(fuse, device, closures, (vector, count) -> 0);
    }

    /** Streams opened so far. */
    long openCount() {
        return opens.get();
    }

    /** Answers a READDIR without a handle; the request's buffer is altered. */
    void readDirectory(long request, int length) {
        Key key = new Key(KernelRequest.node(request), KernelRequest.pid(request));
        Long handle = take(key);
        if (handle != null && KernelRequest.readOffset(request) == 0) {
            release(handle);
            handle = null;
        }
        if (handle == null) {
            Exchange open = open(request, key);
            if (open.error != 0) {
                answer(request, open.error);
                return;
            }
            handle = open.opened;
        }
        KernelRequest.setHandle(request, handle);
        Exchange exchange = new Exchange(key, handle);
        exchange.ended = true; // unless the reply says otherwise
        process(request, length, reading, exchange);
        if (exchange.ended) {
            release(handle);
        }
    }

    /** Replies without content: 0 or a negated error number. */
    void answer(long request, int error) {
        try (NativeMemory memory = new NativeMemory(KernelRequest.OUT_HEADER_BYTES + KernelRequest.IOVEC_BYTES)) {
            MemoryIO io = NativeMemory.IO;
            long header = memory.address();
            io.putInt(header, KernelRequest.OUT_HEADER_BYTES);
            io.putInt(header + KernelRequest.OUT_HEADER_ERROR, error);
            io.putLong(header + KernelRequest.OUT_HEADER_UNIQUE, KernelRequest.unique(request));
            long vector = header + KernelRequest.OUT_HEADER_BYTES;
            io.putAddress(vector, header);
            io.putLong(vector + 8, KernelRequest.OUT_HEADER_BYTES);
            fuse.fuse_chan_send(device, vector, 1);
        }
    }

    private Exchange open(long request, Key key) {
        opens.incrementAndGet();
        int length = KernelRequest.HEADER_BYTES + KernelRequest.OPEN_IN_BYTES;
        Exchange exchange = new Exchange(key, 0);
        try (NativeMemory memory = new NativeMemory(length)) {
            KernelRequest.derive(request, memory.address(), KernelRequest.OPENDIR, length, uniques.getAndAdd(2));
            process(memory.address(), length, opening, exchange);
        }
        return exchange;
    }

    /** At the root: the kernel may have forgotten the directory, and libfuse aborts on nodes it does not know. */
    private void release(long handle) {
        int length = KernelRequest.HEADER_BYTES + KernelRequest.RELEASE_IN_BYTES;
        try (NativeMemory memory = new NativeMemory(length)) {
            KernelRequest.atRoot(memory.address(), KernelRequest.RELEASEDIR, length, uniques.getAndAdd(2));
            KernelRequest.setHandle(memory.address(), handle);
            fuse.fuse_session_process(session, memory.address(), length, releasing.address());
        }
    }

    private void process(long request, int length, ReplyChannel channel, Exchange exchange) {
        CURRENT.set(exchange);
        try {
            fuse.fuse_session_process(session, request, length, channel.address());
        } finally {
            CURRENT.remove();
        }
    }

    private int opened(long vector, long count) {
        MemoryIO io = NativeMemory.IO;
        Exchange exchange = CURRENT.get();
        exchange.error = io.getInt(io.getAddress(vector) + KernelRequest.OUT_HEADER_ERROR);
        if (exchange.error == 0) {
            exchange.opened = io.getLong(io.getAddress(vector + KernelRequest.IOVEC_BYTES));
        }
        return 0;
    }

    /**
     * The stream waits for its reader before the reader has its reply: the next request comes at once. libfuse still
     * holds the handle's mutex here, and reading and releasing wait for that.
     */
    private int read(long vector, long count) {
        MemoryIO io = NativeMemory.IO;
        Exchange exchange = CURRENT.get();
        boolean more = count == 2
                && io.getInt(io.getAddress(vector) + KernelRequest.OUT_HEADER_ERROR) == 0
                && io.getLong(vector + KernelRequest.IOVEC_BYTES + 8) > 0;
        if (more) {
            exchange.ended = !offer(exchange.key, exchange.handle);
        }
        return fuse.fuse_chan_send(device, vector, count);
    }

    private boolean offer(Key key, long handle) {
        synchronized (waiting) {
            return waiting.putIfAbsent(key, handle) == null;
        }
    }

    /** Takes a reader's stream out, and releases the oldest if too many wait. */
    private @Nullable Long take(Key key) {
        Long taken;
        Long evicted = null;
        synchronized (waiting) {
            taken = waiting.remove(key);
            if (taken == null && waiting.size() >= MAX_WAITING) {
                Iterator<Long> oldest = waiting.values().iterator();
                evicted = oldest.next();
                oldest.remove();
            }
        }
        if (evicted != null) {
            release(evicted);
        }
        return taken;
    }

    /** Releases what is left; when no thread is in the session any more. */
    @Override
    public void close() {
        waiting.values().forEach(this::release);
        waiting.clear();
        opening.close();
        reading.close();
        releasing.close();
    }
}
