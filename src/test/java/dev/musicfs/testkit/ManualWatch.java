package dev.musicfs.testkit;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginWatch;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A watch that tells what a test tells it; silent before its start and after its end. */
public final class ManualWatch implements OriginWatch {
    private volatile Optional<Consumer<OriginChanges>> consumer = Optional.empty();

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

    @Override
    public Future<Void> start(Consumer<OriginChanges> to) {
        consumer = Optional.of(to);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
        consumer = Optional.empty();
        return Future.succeededFuture();
    }

    private void tell(OriginChanges changes) {
        consumer.ifPresent(each -> each.accept(changes));
    }
}
