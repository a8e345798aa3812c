package dev.musicfs.content.file;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.vfs.Waiter;

/** Answers openings on the calling thread. */
public final class TestingWaiter implements Waiter {
    private final TestingFiles files;

    public TestingWaiter(TestingFiles files) {
        this.files = files;
    }

    @Override
    public <T> T await(String address, Object request, Class<T> replyType, Deadline deadline) {
        OpenRequest open = (OpenRequest) request;
        open.deliver(files.openBlocking(open.fileId()));
        return replyType.cast(open);
    }
}
