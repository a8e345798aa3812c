package dev.musicfs.posix;

/**
 * System calls the JDK lacks, with paths as zero-terminated bytes. Each returns -1 and sets errno on failure, see
 * {@link CLibrary#lastErrno}. Public only because jnr-ffi implements it in a class loader of its own.
 */
public interface LibC {
    /** See getuid(2). */
    int getuid();

    /** See gettid(2): the id FUSE shows as the caller's. */
    int gettid();

    /** See statvfs(3). */
    int statvfs(byte[] path, byte[] buffer);

    /** See strerror_r(3), the one of POSIX, which the JDK calls as well; the size is that of the buffer. */
    int __xpg_strerror_r(int number, byte[] buffer, long size);

    /** See statx(2): directory, path, flags, what is wanted, and 256 bytes for it. */
    int statx(int directory, byte[] path, int flags, int mask, byte[] buffer);

    /** See umount2(2). */
    int umount2(byte[] path, int flags);

    /** See syscall(2), for open_tree(2): directory, path, flags. */
    long syscall(long number, long directory, byte[] path, long flags);

    /** See syscall(2), for move_mount(2): directory and path from, directory and path to, flags. */
    long syscall(long number, long fromDirectory, byte[] from, long toDirectory, byte[] to, long flags);

    /** See syscall(2), for openat2(2): directory, path, what is wanted and its size. */
    long syscall(long number, long directory, byte[] path, byte[] how, long size);

    /** See mknod(2). */
    int mknod(byte[] path, int mode, long device);

    /** See mkdir(2). */
    int mkdir(byte[] path, int mode);

    /** See unlink(2). */
    int unlink(byte[] path);

    /** See rmdir(2). */
    int rmdir(byte[] path);

    /** See rename(2). */
    int rename(byte[] from, byte[] to);

    /** See open(2). */
    int open(byte[] path, int flags);

    /** See ftruncate(2). */
    int ftruncate(int fd, long size);

    /** See futimens(3); two {@code struct timespec}, four longs. */
    int futimens(int fd, long[] times);

    /** See close(2). */
    int close(int fd);
}
