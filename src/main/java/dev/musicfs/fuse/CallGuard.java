package dev.musicfs.fuse;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.function.Consumer;

/** Around every callback: nothing thrown gets into libfuse, and each defect is reported. */
final class CallGuard {
    private final Consumer<Throwable> defects;

    /** @param defects told, on the thread of the call, of every failure that is a defect of the program */
    CallGuard(Consumer<Throwable> defects) {
        this.defects = defects;
    }

    /** What the call answers, or the negated error number of what it throws. */
    int run(Call call) {
        try {
            return call.run();
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.INTERNAL) {
                report(e);
            }
            return Answers.of(e.kind()).negated();
        } catch (Throwable e) { // whatever it is, libfuse's C frames must not be unwound
            report(e);
            return Errno.EIO.negated();
        }
    }

    private void report(Throwable defect) {
        try {
            defects.accept(defect);
        } catch (Throwable e) { // out of memory, most likely: the answer to the kernel matters more
            return;
        }
    }

    /** A callback's body. */
    @FunctionalInterface
    interface Call {
        /** 0 or more, or a negated error number. */
        int run();
    }
}
