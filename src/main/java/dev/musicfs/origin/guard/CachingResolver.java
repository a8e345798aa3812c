package dev.musicfs.origin.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.NameResolver;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names on threads of its own, and answers with the last good address for a while when the name service is dead
 * or slow. One question for a name at a time. For any thread.
 */
@Attended(workers = "for the name service, which is waited for within a bound")
public final class CachingResolver implements NameResolver {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

    private final ResolverOptions options;
    private final GuardServices services;
    private final WorkerExecutor workers;
    private final Lookup lookup;
    private final Cache<String, InetAddress> known;
    private final Map<String, Future<InetAddress>> underWay = new HashMap<>();

    /** A platform's resolver. */
    @FunctionalInterface
    interface Lookup {
        InetAddress addressBlocking(String host) throws UnknownHostException;
    }

    /** Asks the platform. */
    public CachingResolver(ResolverOptions options, GuardServices services) {
        this(options, services, InetAddress::getByName);
    }

    CachingResolver(ResolverOptions options, GuardServices services, Lookup lookup) {
        this.options = options;
        this.services = services;
        this.lookup = lookup;
        this.known = Caffeine.newBuilder()
                .maximumSize(options.hosts())
                .executor(Runnable::run)
                .ticker(services.clock()::monotonicNanos)
                // Up to and including the end of that time.
                .expireAfterWrite(options.keep().plusMillis(1))
                .build();
        this.workers = services.vertx().createSharedWorkerExecutor("names", options.threads(), 1, TimeUnit.HOURS);
    }

    @Override
    public Future<InetAddress> resolve(String host) {
        if (LITERAL.matcher(host).matches()) {
            return literal(host);
        }
        Future<InetAddress> answer = ask(host);
        return services.in(options.timeout())
                .bound(answer, services.timers(), () -> unknown(host, "no answer in time", null))
                .recover(failure -> {
                    InetAddress last = known.getIfPresent(host);
                    return last == null ? Future.failedFuture(failure) : Future.succeededFuture(last);
                });
    }

    /** Ends its threads. */
    public Future<Void> close() {
        return workers.close();
    }

    private static Future<InetAddress> literal(String host) {
        try {
            return Future.succeededFuture(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Future.failedFuture(unknown(host, "it is no address", e));
        }
    }

    private Future<InetAddress> ask(String host) {
        Promise<InetAddress> mine = Promise.promise();
        synchronized (underWay) {
            Future<InetAddress> before = underWay.get(host);
            if (before != null) {
                return before;
            }
            if (underWay.size() >= options.hosts()) {
                return Future.failedFuture(unknown(host, "too many names are being resolved already", null));
            }
            underWay.put(host, mine.future());
        }
        workers.executeBlocking(() -> lookup.addressBlocking(host), false).onComplete(answer -> {
            synchronized (underWay) {
                underWay.remove(host);
            }
            if (answer.succeeded()) {
                known.put(host, answer.result());
                mine.complete(answer.result());
            } else {
                mine.fail(unknown(host, String.valueOf(answer.cause().getMessage()), answer.cause()));
            }
        });
        return mine.future();
    }

    private static MusicFsException unknown(String host, String why, @Nullable Throwable cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        if (cause instanceof UnknownHostException same) {
            unknown = same;
        } else if (cause != null) {
            unknown.initCause(cause);
        }
        return new MusicFsException(
                FailureKind.UNAVAILABLE, "The name " + host + " cannot be resolved: " + why + ".", unknown);
    }
}
