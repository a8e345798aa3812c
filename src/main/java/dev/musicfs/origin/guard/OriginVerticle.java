package dev.musicfs.origin.guard;

import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.LocalMessages;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.function.Function;

/**
 * Starts and stops one origin and answers the requests for it on its own event loop, so that nobody calls a backend but
 * its guard. An origin that is away does not keep it from being deployed.
 */
public final class OriginVerticle extends VerticleBase {
    private final GuardedOrigin guard;
    private final GuardServices services;

    /** Not yet deployed. */
    public OriginVerticle(Origin backend, GuardOptions options, GuardServices services) {
        this.guard = new GuardedOrigin(backend, options, services);
        this.services = services;
    }

    /** What guards it: for health and monitoring. */
    public GuardedOrigin guard() {
        return guard;
    }

    /** How everybody else reaches it: over the event bus. Its {@code start} and {@code stop} do nothing. */
    public Origin origin() {
        return new MessagedOrigin(guard, services.vertx());
    }

    @Override
    public Future<?> start() {
        OriginAddresses addresses = guard.addresses();
        vertx.eventBus().<OriginRequest.Read>localConsumer(addresses.read(), this::read);
        vertx.eventBus().<OriginRequest.Stat>localConsumer(addresses.stat(), this::stat);
        vertx.eventBus().<OriginRequest.ListDirectory>localConsumer(addresses.list(), this::list);
        vertx.eventBus().<OriginRequest.Probe>localConsumer(addresses.probe(), this::probe);
        return guard.start();
    }

    @Override
    public Future<?> stop() {
        return guard.stop();
    }

    private void read(Message<OriginRequest.Read> message) {
        answer(message, request -> guard.read(request.path(), request.expected(), request.range(), request.deadline()));
    }

    private void stat(Message<OriginRequest.Stat> message) {
        answer(message, request -> guard.stat(request.path(), request.deadline()));
    }

    private void list(Message<OriginRequest.ListDirectory> message) {
        answer(message, request -> guard.list(request.directory()));
    }

    private void probe(Message<OriginRequest.Probe> message) {
        answer(message, request -> guard.probe(request.deadline()));
    }

    private static <Q, A> void answer(Message<Q> message, Function<Q, Future<A>> call) {
        call.apply(message.body())
                .onSuccess(answer -> message.reply(answer, LocalMessages.reply()))
                .onFailure(failure -> LocalMessages.fail(message, failure));
    }
}
