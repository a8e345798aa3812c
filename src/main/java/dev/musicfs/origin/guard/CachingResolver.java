package dev.musicfs.origin.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
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
    private final SingleFlight<String, InetAddress> asked = new SingleFlight<>();

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
        this.workers = ExecutorPools.workers(
                services.vertx(),
                "names",
                "The resolver of names",
                options.threads(),
                options.hosts(),
                Duration.ofHours(1));
    }

    @Override
    public Future<InetAddress> resolve(String host) {
        if (LITERAL.matcher(host).matches()) {
            return literal(host);
        }
        Future<InetAddress> answer = asked.run(host, () -> ask(host));
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
        if (asked.size() > options.hosts()) {
            return Future.failedFuture(unknown(host, "too many names are being resolved already", null));
        }
        return workers.executeBlocking(() -> lookup.addressBlocking(host), false)
                .onSuccess(address -> known.put(host, address))
                .recover(failure -> Future.failedFuture(unknown(host, String.valueOf(failure.getMessage()), failure)));
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
