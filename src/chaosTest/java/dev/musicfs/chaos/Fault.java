package dev.musicfs.chaos;

import static eu.rekawek.toxiproxy.model.ToxicDirection.DOWNSTREAM;

import eu.rekawek.toxiproxy.Proxy;
import java.io.IOException;

/** What a network does. */
enum Fault implements Proxied.Ailment {
    /** Every answer takes five seconds more than the origin's timeout allows. */
    LATENCY {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.toxics().latency("latency", DOWNSTREAM, 5000);
        }
    },
    /** Answers take 50 to 450 ms more, as on a bad mobile link. */
    JITTER {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.toxics().latency("jitter", DOWNSTREAM, 250).setJitter(200);
        }
    },
    /** 10 KB a second. */
    BANDWIDTH {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.toxics().bandwidth("bandwidth", DOWNSTREAM, 10);
        }
    },
    /** Connections are reset 50 ms after they were made, which is in the middle of a body. */
    RESET_PEER {
        @Override
        public void strike(Proxy proxy) throws IOException {
            // Slow enough that a body is not through before the reset.
            proxy.toxics().bandwidth("narrow", DOWNSTREAM, 500);
            proxy.toxics().resetPeer("reset", DOWNSTREAM, 50);
        }
    },
    /** Connections are made and bytes vanish. */
    BLACKHOLE {
        @Override
        public void strike(Proxy proxy) throws IOException {
            // 0: the connection is not closed either.
            proxy.toxics().timeout("blackhole", DOWNSTREAM, 0);
        }
    },
    /** Connections that the server closes stay open for two seconds. */
    SLOW_CLOSE {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.toxics().slowClose("slow-close", DOWNSTREAM, 2000);
        }
    },
    /** Bytes come in pieces of about 1400, a tenth of a millisecond apart. */
    SLICER {
        @Override
        public void strike(Proxy proxy) throws IOException {
            // The delay is in microseconds.
            proxy.toxics().slicer("slicer", DOWNSTREAM, 1400, 100);
        }
    },
    /** Connections are closed after 40,000 bytes. */
    LIMIT_DATA {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.toxics().limitData("limit-data", DOWNSTREAM, 40_000);
        }
    },
    /** Nobody listens, and what was open is closed. */
    DOWN {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.disable();
        }
    },
    /** What was open is closed, and the next connection is welcome. */
    DOWN_AND_UP {
        @Override
        public void strike(Proxy proxy) throws IOException {
            proxy.disable();
            proxy.enable();
        }
    };

    /** Whether a reader may get an error of it at all: the others only make it slower, or strike once. */
    boolean mayFailReads() {
        return switch (this) {
            case JITTER, SLICER, SLOW_CLOSE -> false;
            case LATENCY, BANDWIDTH, RESET_PEER, BLACKHOLE, LIMIT_DATA, DOWN, DOWN_AND_UP -> true;
        };
    }

    /** Whether it is stronger than any patience: whoever still gets bytes has not met it. */
    boolean stopsReads() {
        return switch (this) {
            case LATENCY, BLACKHOLE, DOWN -> true;
            case JITTER, BANDWIDTH, RESET_PEER, SLOW_CLOSE, SLICER, LIMIT_DATA, DOWN_AND_UP -> false;
        };
    }

    /** As it is written in a report. */
    String title() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
