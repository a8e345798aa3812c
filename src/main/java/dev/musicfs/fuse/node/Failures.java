package dev.musicfs.fuse.node;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.device.FuseReply;
import java.util.function.Consumer;

/** Answers requests that failed, and reports each defect. For any thread. */
final class Failures {
    private final Consumer<Throwable> defects;

    /** @param defects told, on the thread that answers, of every failure that is a defect of the program */
    Failures(Consumer<Throwable> defects) {
        this.defects = defects;
    }

    /** Does what answers a request; when that fails, the failure is the answer. */
    void guard(FuseReply reply, Runnable answering) {
        try {
            answering.run();
        } catch (Throwable e) { // whatever it is, the asker must hear of it
            answer(reply, e);
        }
    }

    /** Answers with the error number of a failure. */
    void answer(FuseReply reply, Throwable failure) {
        boolean unused = reply.error(errno(failure));
        if (!(failure instanceof MusicFsException) || MusicFsException.kindOf(failure) == FailureKind.INTERNAL) {
            report(failure);
        }
    }

    private static Errno errno(Throwable failure) {
        return failure instanceof MusicFsException e ? Answers.of(e.kind()) : Errno.EIO;
    }

    private void report(Throwable defect) {
        try {
            defects.accept(defect);
        } catch (Throwable e) { // out of memory, most likely: the next request matters more
            return;
        }
    }
}
