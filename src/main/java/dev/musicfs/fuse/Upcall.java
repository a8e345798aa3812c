package dev.musicfs.fuse;

import jnr.ffi.annotations.Delegate;

/**
 * The shapes of the functions that libfuse calls: every argument is an integer or an address and fills one register on
 * the 64-bit systems MusicFS runs on; an {@code int} has to be cast by the callee. Public only because jnr-ffi implements
 * them in a class loader of its own.
 */
public sealed interface Upcall {
    /** One argument. */
    non-sealed interface One extends Upcall {
        /** Called by libfuse. */
        @Delegate
        int call(long a);
    }

    /** Two arguments. */
    non-sealed interface Two extends Upcall {
        /** Called by libfuse. */
        @Delegate
        int call(long a, long b);
    }

    /** Three arguments. */
    non-sealed interface Three extends Upcall {
        /** Called by libfuse. */
        @Delegate
        int call(long a, long b, long c);
    }

    /** Four arguments. */
    non-sealed interface Four extends Upcall {
        /** Called by libfuse. */
        @Delegate
        int call(long a, long b, long c, long d);
    }

    /** Five arguments. */
    non-sealed interface Five extends Upcall {
        /** Called by libfuse. */
        @Delegate
        int call(long a, long b, long c, long d, long e);
    }
}
