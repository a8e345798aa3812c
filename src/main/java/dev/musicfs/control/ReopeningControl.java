package dev.musicfs.control;

import dev.musicfs.runtime.Backoff;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.TaskBody;
import dev.musicfs.runtime.TaskHandle;
import dev.musicfs.runtime.Timers;
import dev.musicfs.runtime.Verticles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API, opened again for as long as it takes: when it cannot be opened, for lack of descriptors or of room on the
 * disk, after 1 s, 5 s and 30 s, then every 30 s; and within 10 s of somebody's deleting its socket. A daemon that nobody
 * can talk to serves all the same, but can only be ended by signals.
 */
public final class ReopeningControl implements TaskBody {
    /** How soon a socket that was deleted is missed. */
    static final Duration LOOK = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ReopeningControl.class);

    private final Endpoint endpoint;
    private final Timers timers;
    private final Clock clock;

    /** What is kept open; never asked for two things at once. */
    interface Endpoint {
        /** Has it listen; may be asked again when that failed, and after {@link #close}. */
        Future<Void> open();

        /** Whether clients find what was opened. */
        Future<Boolean> isInPlace();

        /** Ends what was opened. */
        Future<Void> close();
    }

    /** By such verticles, a new one each time. */
    public ReopeningControl(Vertx vertx, Verticles verticles, Supplier<ControlVerticle> maker) {
        this(new Deployments(verticles, maker), Timers.of(vertx), Clock.system());
    }

    ReopeningControl(Endpoint endpoint, Timers timers, Clock clock) {
        this.endpoint = endpoint;
        this.timers = timers;
        this.clock = clock;
    }

    /** Ends when it is asked to and leaves open what is open. */
    @Override
    public Future<Void> run(TaskHandle handle) {
        Promise<Void> over = Promise.promise();
        handle.stopRequested().onComplete(v -> over.tryComplete());
        new Run(over).open();
        return over.future();
    }

    /** One step follows upon another, so that nothing here is touched by two threads. */
    private final class Run {
        private final Promise<Void> over;
        private final Backoff backoff = Backoff.later(clock);
        private String trouble = "";

        Run(Promise<Void> over) {
            this.over = over;
        }

        void open() {
            step(endpoint::open, opened -> {
                if (opened.failed()) {
                    refused(opened.cause());
                    return;
                }
                if (!trouble.isEmpty()) {
                    LOG.info("Commands can talk to this daemon again");
                    trouble = "";
                }
                backoff.began();
                later(LOOK, this::look);
            });
        }

        private void refused(@Nullable Throwable why) {
            Duration delay = backoff.ended();
            String now = String.valueOf(why == null ? "" : why.getMessage());
            if (!now.equals(trouble)) {
                LOG.warn("No command can talk to this daemon; that is tried again: {}", now);
                trouble = now;
            }
            later(delay, this::open);
        }

        private void look() {
            step(endpoint::isInPlace, found -> {
                if (found.failed() || found.result()) {
                    later(LOOK, this::look);
                    return;
                }
                LOG.warn("Somebody has deleted the control socket; it is opened anew");
                step(endpoint::close, closed -> open());
            });
        }

        private void later(Duration delay, Runnable next) {
            var unused = timers.after(delay, next);
        }

        // One timer may still fire after the end and does nothing.
        private <T> void step(Supplier<Future<T>> asked, Consumer<Future<T>> then) {
            if (over.future().isComplete()) {
                return;
            }
            // Whatever it throws, the next step is taken.
            Future<T> answer = Future.future(promise -> asked.get().onComplete(promise));
            answer.onComplete(result -> {
                if (!over.future().isComplete()) {
                    then.accept(answer);
                }
            });
        }
    }

    /** Of verticles, one after another. */
    static final class Deployments implements Endpoint {
        private final Verticles verticles;
        private final Supplier<ControlVerticle> maker;
        private volatile Future<String> deployment = Future.failedFuture("none yet");
        private volatile @Nullable ControlVerticle verticle;

        Deployments(Verticles verticles, Supplier<ControlVerticle> maker) {
            this.verticles = verticles;
            this.maker = maker;
        }

        @Override
        public Future<Void> open() {
            ControlVerticle next = maker.get();
            verticle = next;
            deployment = verticles.deploy(next);
            return deployment.mapEmpty();
        }

        @Override
        public Future<Boolean> isInPlace() {
            ControlVerticle open = verticle;
            return open == null ? Future.succeededFuture(false) : open.isInPlace();
        }

        @Override
        public Future<Void> close() {
            return deployment.compose(verticles::undeploy);
        }
    }
}
