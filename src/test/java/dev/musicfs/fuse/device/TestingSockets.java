package dev.musicfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;

import jnr.ffi.LibraryLoader;

/** Pairs of packet sockets, each of which does for the device in tests. */
final class TestingSockets {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final long PATIENCE_SECONDS = 60;
    private static final Calls CALLS =
            LibraryLoader.create(Calls.class).failImmediately().load("libc.so.6");

    private TestingSockets() {}

    /** System calls of sockets. Public only because jnr-ffi implements it in a class loader of its own. */
    public interface Calls {
        int socketpair(int domain, int type, int protocol, int[] descriptors);

        int setsockopt(int fd, int level, int option, long[] value, int length);
    }

    /** Two descriptors; reading from the first fails after a minute with EAGAIN, since no interruption ends it. */
    static int[] pair() {
        int[] fds = new int[2];
        assertThat(CALLS.socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
                .isZero();
        assertThat(CALLS.setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, new long[] {PATIENCE_SECONDS, 0}, 16))
                .isZero();
        return fds;
    }
}
