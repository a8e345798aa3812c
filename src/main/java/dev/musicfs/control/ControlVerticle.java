package dev.musicfs.control;

import dev.musicfs.control.api.Route;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the API on {@code control.sock} in the cache directory, whose instance lock the process must hold. From JDK 16
 * on the NIO transport of Vert.x 5 has Unix domain sockets, so no native transport is needed.
 */
@Attended(workers = "for the socket's file, at start and end")
public final class ControlVerticle extends VerticleBase {
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_LINE_BYTES = 4 << 10;

    private final ControlSocket socket;
    private final List<Route> routes;
    private final ControlLimits limits;
    private int connections;
    private @Nullable HttpServer server;

    /** Not yet deployed. */
    public ControlVerticle(Path cacheDir, List<Route> routes, ControlLimits limits) {
        this.socket = new ControlSocket(cacheDir);
        this.routes = List.copyOf(routes);
        this.limits = limits;
    }

    @Override
    public Future<?> start() {
        Router router = new Router(vertx, routes, limits);
        HttpServer starting = vertx.createHttpServer(options())
                .connectionHandler(this::admit)
                .invalidRequestHandler(router::handleInvalid)
                .requestHandler(router::handle);
        server = starting;
        return vertx.executeBlocking(socket::prepareBlocking)
                .compose(address -> starting.listen(SocketAddress.domainSocketAddress(address.toString())))
                .compose(listening -> vertx.executeBlocking(() -> {
                    socket.publishBlocking();
                    return listening;
                }))
                .recover(failure -> stop().transform(stopped ->
                        Future.failedFuture(MusicFsException.wrap("the control socket cannot be opened", failure))));
    }

    @Override
    public Future<?> stop() {
        HttpServer running = server;
        server = null;
        Future<Void> closed = running == null ? Future.succeededFuture() : running.close();
        return closed.eventually(() -> vertx.executeBlocking(() -> {
            socket.removeBlocking();
            return socket;
        }));
    }

    /** Whether clients find the socket, once it is deployed; for any thread. */
    public Future<Boolean> isInPlace() {
        return vertx.executeBlocking(socket::isInPlaceBlocking);
    }

    @Dropped("a client that is turned away")
    private void admit(HttpConnection connection) {
        if (connections >= limits.connections()) {
            var unused = connection.close();
            return;
        }
        connections++;
        connection.closeHandler(closed -> connections--);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false);
    }
}
