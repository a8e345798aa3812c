package dev.musicfs.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProcessRoutesTest {
    @Test
    @Resilience("5.8")
    void tellsOfThreadsMemoryDescriptorsAndWhatTheRoomsHold() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        JsonObject before = ask();
        Thread held = new Thread(() -> awaitQuietly(end));
        held.start();
        try (java.io.InputStream file = ProcessRoutesTest.class.getResourceAsStream("ProcessRoutesTest.class");
                java.io.FileInputStream open = new java.io.FileInputStream("/proc/self/stat")) {
            assertThat(file).isNotNull();
            assertThat(open.read()).isPositive();
            JsonObject after = ask();
            assertThat(after.getLong("threads")).isPositive();
            assertThat(after.getLong("openFiles")).isPositive().isLessThan(after.getLong("maxOpenFiles"));
            assertThat(after.getLong("heapUsedBytes")).isPositive().isLessThanOrEqualTo(after.getLong("heapMaxBytes"));
            assertThat(after.getLong("directBytes")).isNotNegative();
            assertThat(after.getJsonObject("content").getLong("heldBytes")).isEqualTo(7);
            assertThat(before.fieldNames()).isEqualTo(after.fieldNames());
        } finally {
            end.countDown();
            held.join();
        }
    }

    private static JsonObject ask() {
        Route.Quick route = (Route.Quick) ProcessRoutes.of(() -> Map.of("content", Map.of("heldBytes", 7L)))
                .get(0);
        return route.handler()
                .apply(new ApiRequest(MultiMap.caseInsensitiveMultiMap(), new JsonObject()))
                .result();
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
