package dev.musicfs.origin.http;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.origin.Origin;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts whose names {@link java.net.URI} does not know, and addresses that mean something on one link only. */
final class ServerNamesTest {
    private final List<String> resolved = new CopyOnWriteArrayList<>();
    private final NameResolver names = host -> {
        resolved.add(host);
        return host.contains("_")
                ? Future.succeededFuture(InetAddress.getLoopbackAddress())
                : TestingNames.LITERAL.resolve(host);
    };
    private final Vertx vertx = TestingVertx.start();
    private final List<String> hosts = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void aNameWithAnUnderscoreIsAskedUnderThatName() throws Exception {
        int port = listen("127.0.0.1", "");

        assertThat(titles("http://media_server:" + port + "/")).containsExactly("one.flac");
        assertThat(hosts).isNotEmpty().containsOnly("media_server:" + port);
    }

    @Test
    void aRedirectLeadsToANameWithAnUnderscore() throws Exception {
        int end = listen("127.0.0.1", "");
        int start = listen("127.0.0.1", "http://other_server:" + end);

        assertThat(titles("http://media_server:" + start + "/")).containsExactly("one.flac");
        assertThat(hosts).contains("media_server:" + start, "other_server:" + end);
    }

    /** Else a name service could say one thing to who looks whether the address is allowed, and another to who connects. */
    @Test
    void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() throws Exception {
        int end = listen("127.0.0.1", "");
        int start = listen("127.0.0.1", "http://other_server:" + end);

        assertThat(titles("http://media_server:" + start + "/")).containsExactly("one.flac");
        long redirected =
                hosts.stream().filter(host -> host.startsWith("other_")).count();
        assertThat(redirected).isPositive();
        assertThat(resolved.stream().filter(host -> host.startsWith("other_"))).hasSize((int) redirected);
    }

    @Test
    void theZoneOfAnAddressIsForThisMachineAlone() throws Exception {
        int port = listen("::1", "");

        assertThat(titles("http://[::1%25lo]:" + port + "/")).containsExactly("one.flac");
        assertThat(hosts).isNotEmpty().containsOnly("[::1]:" + port);
    }

    private List<String> titles(String url) throws Exception {
        Origin origin = TestingHttpOrigin.of(
                vertx,
                url,
                Map.of("listing", "index", "redirect_hosts", "other_server"),
                Duration.ofSeconds(10),
                2,
                names);
        await(origin.start());
        try {
            return await(origin.list(RealPath.ROOT)).stream()
                    .map(entry -> entry.path().name())
                    .toList();
        } finally {
            await(origin.stop());
        }
    }

    /** Gives the port; everything is redirected to a server that is named. */
    private int listen(String address, String elsewhere) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            hosts.add(String.valueOf(request.getHeader("Host")));
            if (!elsewhere.isEmpty()) {
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", elsewhere + request.uri())
                        .end();
            } else if (request.path().equals("/")) {
                request.response()
                        .putHeader("Content-Type", "text/html")
                        .end("<html><head><title>Index of /</title></head><body><h1>Index of /</h1><hr><pre>"
                                + "<a href=\"../\">../</a>\n<a href=\"one.flac\">one.flac</a></pre><hr></body></html>");
            } else {
                request.response()
                        .putHeader("ETag", "\"1\"")
                        .putHeader("Content-Length", "4")
                        .putHeader("Accept-Ranges", "bytes")
                        .end(request.method().name().equals("HEAD") ? "" : "fLaC");
            }
        });
        return await(server.listen(0, address)).actualPort();
    }
}
