package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The real disk, until a test makes it fail or hang. Counts open channels. */
final class FaultyDisk implements DiskCalls {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger forced = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();
    volatile String failWrites = "";
    volatile String failReads = "";
    volatile String failRenames = "";
    volatile String failForces = "";
    volatile int descriptors = Integer.MAX_VALUE;
    volatile CountDownLatch holdReads = new CountDownLatch(0);

    @Override
    public FileChannel openToRead(Path file) throws IOException {
        return counted(() -> DiskCalls.super.openToRead(file), file);
    }

    @Override
    public FileChannel openToChange(Path file) throws IOException {
        failIf(failWrites, file);
        return counted(() -> DiskCalls.super.openToChange(file), file);
    }

    @Override
    public FileChannel create(Path file) throws IOException {
        failIf("Read-only file system".equals(failWrites) ? failWrites : "", file);
        return counted(() -> DiskCalls.super.create(file), file);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        failIf("Read-only file system".equals(failWrites) ? failWrites : "", file);
        return DiskCalls.super.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        failIf(failRenames, from);
        DiskCalls.super.rename(from, to);
    }

    @Override
    public void force(Path path) throws IOException {
        failIf(failForces, path);
        forced.incrementAndGet();
        DiskCalls.super.force(path);
    }

    private interface Opening {
        FileChannel open() throws IOException;
    }

    private FileChannel counted(Opening opener, Path file) throws IOException {
        int now = open.incrementAndGet();
        boolean opened = false;
        try {
            failIf(now > descriptors ? "Too many open files" : "", file);
            FileChannel channel = new Channel(opener.open());
            mostOpen.accumulateAndGet(now, Math::max);
            opened = true;
            return channel;
        } finally {
            if (!opened) {
                open.decrementAndGet();
            }
        }
    }

    private static void failIf(String reason, Path file) throws IOException {
        if (!reason.isEmpty()) {
            throw new FileSystemException(file.toString(), null, reason);
        }
    }

    private static void failIf(String reason) throws IOException {
        if (!reason.isEmpty()) {
            throw new IOException(reason);
        }
    }

    private final class Channel extends FileChannel {
        private final FileChannel real;

        Channel(FileChannel real) {
            this.real = real;
        }

        @Override
        public int read(ByteBuffer dst, long position) throws IOException {
            reads.incrementAndGet();
            waiting.incrementAndGet();
            try {
                holdReads.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                waiting.decrementAndGet();
            }
            failIf(failReads);
            return real.read(dst, position);
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
            if (!failWrites.isEmpty()) {
                real.write(srcs[offset]);
                failIf(failWrites);
            }
            return real.write(srcs, offset, length);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            failIf(failWrites);
            return real.write(src);
        }

        @Override
        public int write(ByteBuffer src, long position) throws IOException {
            failIf(failWrites);
            return real.write(src, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            failIf(failForces);
            forced.incrementAndGet();
            real.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            open.decrementAndGet();
            real.close();
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel src, long position, long count) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            throw new UnsupportedOperationException();
        }
    }
}
