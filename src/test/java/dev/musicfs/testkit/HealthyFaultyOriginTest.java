package dev.musicfs.testkit;

import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;

/** As long as nothing is wrong with it, it is an origin like any other. */
final class HealthyFaultyOriginTest extends OriginContract {
    private final MemoryOrigin behind = new MemoryOrigin("memory");
    private final FaultyOrigin origin = new FaultyOrigin(behind, new ManualTimers());

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected boolean hasNamesThatAreNotUtf8() {
        return true;
    }

    @Override
    protected void put(String path, byte[] content) {
        behind.put(path, content);
    }

    @Override
    protected void remove(String path) {
        behind.remove(path);
    }

    @Override
    protected void removeRoot() {
        behind.gone(true);
    }
}
