package dev.musicfs.chaos;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A Toxiproxy server of our own. */
final class ToxiproxyServer implements AutoCloseable {
    private final AtomicInteger proxies = new AtomicInteger();
    private final Child child;
    private final ToxiproxyClient client;

    ToxiproxyServer(Path dir) {
        String program = Program.require("toxiproxy-server");
        this.child = Child.start(
                "toxiproxy",
                dir,
                Map.of("LOG_LEVEL", "error"),
                port -> List.of(program, "-host", "127.0.0.1", "-port", Integer.toString(port)));
        this.client = new ToxiproxyClient("127.0.0.1", child.port());
    }

    /** A new proxy before an address, on a port of its own. */
    Proxied before(String upstream) {
        return new Proxied(client, "proxy-" + proxies.incrementAndGet(), upstream);
    }

    @Override
    public void close() {
        child.close();
    }
}
