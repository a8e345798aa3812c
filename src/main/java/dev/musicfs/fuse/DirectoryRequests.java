package dev.musicfs.fuse;

import dev.musicfs.failure.Errno;

/**
 * Spares the kernel from asking about directories whose listing it has. A kernel that can (Linux 5.1) is told once that
 * there is no OPENDIR; from then on it opens directories by itself, keeps their listings until something in them
 * changes, and passes handle 0 to what libfuse would take for an address. An older one is let keep listings by
 * {@link DirectoryCacheChannel}.
 */
final class DirectoryRequests implements AutoCloseable {
    private static final int ENOSYS = 38;

    private final LibFuse fuse;
    private final long session;
    private final long device;
    private final boolean allowed;
    private final DirectoryCacheChannel openChannel;
    private final DirectoryStreams streams;
    /** Set by INIT, which comes before everything else. */
    private volatile boolean noOpen;

    /** @param allowed whether everybody who can reach a directory may list it, so that no request need be checked */
    DirectoryRequests(LibFuse fuse, long session, long device, OperationTable closures, boolean allowed) {
        this.fuse = fuse;
        this.session = session;
        this.device = device;
        this.allowed = allowed;
        this.openChannel = new DirectoryCacheChannel(fuse, device, closures);
        this.streams = new DirectoryStreams(fuse, session, device, closures);
    }

    DirectoryStreams streams() {
        return streams;
    }

    /** Handles one request of any kind, most of them by handing them to libfuse. */
    void process(long request, int length) {
        int opcode = KernelRequest.opcode(request);
        if (opcode == KernelRequest.INIT) {
            noOpen = allowed && KernelRequest.supportsNoOpendir(request, length);
        } else if (opcode == KernelRequest.OPENDIR && !noOpen) {
            fuse.fuse_session_process(session, request, length, openChannel.channel());
            return;
        } else if (noOpen && answered(opcode, request, length)) {
            return;
        }
        fuse.fuse_session_process(session, request, length, device);
    }

    /** Answers as the kernel does itself once nobody serves the mount. */
    void refuse(long request) {
        switch (KernelRequest.opcode(request)) {
            case KernelRequest.FORGET, KernelRequest.BATCH_FORGET, KernelRequest.INTERRUPT -> {
                // Nobody waits for these.
            }
            default -> fail(request, Errno.ENOTCONN);
        }
    }

    /** Answers with an error. */
    void fail(long request, Errno error) {
        streams.answer(request, error.negated());
    }

    private boolean answered(int opcode, long request, int length) {
        switch (opcode) {
            case KernelRequest.OPENDIR, KernelRequest.FSYNCDIR -> streams.answer(request, -ENOSYS);
            case KernelRequest.READDIR -> streams.readDirectory(request, length);
            case KernelRequest.RELEASEDIR -> streams.answer(request, 0);
            case KernelRequest.IOCTL -> {
                if (!KernelRequest.isDirectoryIoctl(request)) {
                    return false;
                }
                streams.answer(request, -ENOSYS);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        streams.close();
        openChannel.close();
    }
}
