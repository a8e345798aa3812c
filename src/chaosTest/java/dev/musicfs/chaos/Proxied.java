package dev.musicfs.chaos;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A server behind a proxy, and what ails the way to it. Healthy at first. */
final class Proxied implements AutoCloseable {
    private final Proxy proxy;
    private final int port;

    Proxied(Proxy proxy) {
        this.proxy = proxy;
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
    void ail(Ailment ailment) {
        try {
            ailment.strike(proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes every toxic away and lets connections in again; those that a toxic has broken stay broken. */
    void heal() {
        try {
            for (Toxic toxic : proxy.toxics().getAll()) {
                if (toxic instanceof Latency || toxic instanceof Bandwidth) {
                    // Toxiproxy takes them away from one connection after the other, and sleeps out what each still has to.
                    proxy.disable();
                }
                toxic.remove();
            }
            proxy.enable();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            proxy.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
