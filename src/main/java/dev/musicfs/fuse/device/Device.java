package dev.musicfs.fuse.device;

/**
 * Where the kernel's requests come from and replies go to, each whole in one call. For any threads at the same time.
 * Errors come back as negated numbers of errno(3), since most of them are no failures here.
 */
public interface Device extends AutoCloseable {
    /**
     * Takes one request, and waits for it.
     *
     * @param address of {@code size} bytes
     * @return its length; 0 or a negated error number when there is none
     */
    int readBlocking(long address, int size);

    /** Sends one reply, without waiting; 0 or a negated error number. */
    int write(long address, int length);

    /** Sends one reply that is in two places; 0 or a negated error number. */
    int write(long header, int headerLength, long data, int dataLength);

    /** From now on everything fails with EBADF. Closed in truth when no thread is in it any more; idempotent. */
    @Override
    void close();
}
