package dev.musicfs.testkit;

import dev.musicfs.runtime.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.threadchecker.BlockedThreadEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The one way in which tests start Vert.x: with its checker of blocked threads on, which fails the test on whose event
 * loops something waited. JUnit finds it by itself (META-INF/services) and has it look after every test. A test that asks
 * for a {@link Vertx} as a parameter gets one that is closed behind it.
 */
public final class TestingVertx implements AfterEachCallback, ParameterResolver {
    /** As Vert.x itself allows. */
    private static final long LONGEST_TURN_SECONDS = 2;

    private static final long CHECK_MILLIS = 200;
    /**
     * So often in a row a loop must be found waiting. One that is found at work is slow, as everything is on a machine that
     * has much to do, and that is not what is looked for.
     */
    private static final int TIMES = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<Thread, Integer> WAITING = new ConcurrentHashMap<>();
    private static final Queue<AssertionError> FOUND = new ConcurrentLinkedQueue<>();

    /** Starts one, which whoever starts it closes. */
    public static Vertx start() {
        return start(new VertxOptions());
    }

    /** The same with options of its own; those of the checker are set here. */
    public static Vertx start(VertxOptions options) {
        Vertx vertx = Vertx.vertx(options.setMaxEventLoopExecuteTime(LONGEST_TURN_SECONDS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
                .setBlockedThreadCheckInterval(CHECK_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS));
        ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(TestingVertx::look);
        return vertx;
    }

    private static void look(BlockedThreadEvent event) {
        Thread thread = event.thread();
        if (!thread.getName().contains("eventloop") || thread.getState() == Thread.State.RUNNABLE) {
            WAITING.remove(thread);
        } else if (WAITING.merge(thread, 1, Integer::sum) == TIMES) {
            AssertionError found = new AssertionError(thread.getName() + " waits, in a turn of "
                    + TimeUnit.NANOSECONDS.toMillis(event.duration()) + " ms so far");
            found.setStackTrace(thread.getStackTrace());
            FOUND.add(found);
        }
    }

    /** Event loops that were found waiting since this was last asked, each with the stack it waited in. */
    static List<AssertionError> takeFound() {
        List<AssertionError> taken = new ArrayList<>();
        for (AssertionError each = FOUND.poll(); each != null; each = FOUND.poll()) {
            taken.add(each);
        }
        WAITING.clear();
        return taken;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<AssertionError> found = takeFound();
        if (!found.isEmpty()) {
            AssertionError first = found.remove(0);
            found.forEach(first::addSuppressed);
            throw first;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Vertx.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(Namespace.create(TestingVertx.class))
                .getOrComputeIfAbsent(Vertx.class, any -> new Closed(start()), Closed.class)
                .vertx();
    }

    /** Closed by JUnit at the end of the test. */
    private record Closed(Vertx vertx) implements AutoCloseable {
        @Override
        public void close() {
            Waiting.await(vertx.close(), PATIENCE, "the end of Vert.x");
        }
    }
}
