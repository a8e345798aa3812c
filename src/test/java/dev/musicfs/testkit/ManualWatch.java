package dev.musicfs.testkit;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginWatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A watch that tells what a test tells it; silent before its start and after its end. */
public final class ManualWatch implements OriginWatch {
    private final AtomicInteger starts = new AtomicInteger();
    private volatile Optional<Consumer<OriginChanges>> consumer = Optional.empty();
    private volatile Optional<Throwable> refusal = Optional.empty();
    private final AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    private volatile Promise<Void> ended = Promise.promise();

    /** Tells of changes in these directories. */
    public void changed(String... directories) {
        tell(new OriginChanges(Arrays.stream(directories).map(RealPath::new).collect(Collectors.toSet()), false));
    }

    /** Tells that events were lost. */
    public void lost() {
        tell(new OriginChanges(Set.of(), true));
    }

    /** Whether somebody watches. */
    public boolean watched() {
        return consumer.isPresent();
    }

    /** How many times it was started, also in vain. */
    public int starts() {
        return starts.get();
    }

    /** From now on it cannot be started. */
    public void refuse(Throwable failure) {
        refusal = Optional.of(failure);
    }

    /** The next start throws this, as none should. */
    public void throwOnce(RuntimeException defect) {
        thrown.set(defect);
    }

    /** From now on it can be started again. */
    public void accept() {
        refusal = Optional.empty();
    }

    /** It dies by itself. */
    public void die(Throwable failure) {
        consumer = Optional.empty();
        ended.fail(failure);
    }

    @Override
    public Future<Void> start(Consumer<OriginChanges> to) {
        starts.incrementAndGet();
        RuntimeException defect = thrown.getAndSet(null);
        if (defect != null) {
            throw defect;
        }
        if (refusal.isPresent()) {
            return Future.failedFuture(refusal.get());
        }
        ended = Promise.promise();
        consumer = Optional.of(to);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> ended() {
        return ended.future();
    }

    @Override
    public Future<Void> stop() {
        consumer = Optional.empty();
        ended.tryComplete();
        return Future.succeededFuture();
    }

    private void tell(OriginChanges changes) {
        consumer.ifPresent(each -> each.accept(changes));
    }
}
