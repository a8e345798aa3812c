package dev.musicfs.chaos;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A server behind a proxy, and what ails the way to it. Healthy at first. */
final class Proxied implements AutoCloseable {
    private final ToxiproxyClient client;
    private final String name;
    private final String upstream;
    private final int port;
    private Proxy proxy;

    Proxied(ToxiproxyClient client, String name, String upstream) {
        this.client = client;
        this.name = name;
        this.upstream = upstream;
        try {
            this.proxy = client.createProxy(name, "127.0.0.1:0", upstream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String listen = proxy.getListen();
        this.port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    /** The port of 127.0.0.1 to which a client connects. It stays while the proxy is down. */
    int port() {
        return port;
    }

    /** Something done to a proxy. */
    interface Ailment {
        /** Does it. */
        void strike(Proxy proxy) throws IOException;
    }

    /** From now on. */
    synchronized void ail(Ailment ailment) {
        try {
            ailment.strike(proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes every toxic away and lets connections in again; those that a toxic has broken stay broken. */
    synchronized void heal() {
        try {
            List<? extends Toxic> toxics = proxy.toxics().getAll();
            if (toxics.stream().anyMatch(toxic -> toxic instanceof Latency || toxic instanceof Bandwidth)) {
                // Toxiproxy takes these away from one connection after the other and sleeps out what each still has to,
                // longer than its own API waits. A new proxy in the same place is healthy at once.
                proxy.delete();
                proxy = client.createProxy(name, "127.0.0.1:" + port, upstream);
                return;
            }
            for (Toxic toxic : toxics) {
                toxic.remove();
            }
            proxy.enable();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            proxy.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
