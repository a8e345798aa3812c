package dev.musicfs.control.api;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The part of the API by which leaks can be seen: what the process holds at present. */
public final class ProcessRoutes {
    static final String PROCESS = "/v1/process";

    private ProcessRoutes() {}

    /**
     * The route.
     *
     * @param gauges what the rooms hold, by room and then by name; must not block
     */
    public static List<Route> of(Supplier<Map<String, Map<String, Long>>> gauges) {
        return List.of(
                new Route.Quick(HttpMethod.GET, PROCESS, request -> Future.succeededFuture(process(gauges.get()))));
    }

    private static JsonObject process(Map<String, Map<String, Long>> rooms) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        JsonObject json = new JsonObject()
                .put("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .put("heapUsedBytes", heap.getUsed())
                .put("heapMaxBytes", heap.getMax())
                .put("directBytes", directBytes());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            json.put("openFiles", unix.getOpenFileDescriptorCount());
            json.put("maxOpenFiles", unix.getMaxFileDescriptorCount());
        }
        rooms.forEach((room, values) -> {
            JsonObject inside = new JsonObject();
            values.forEach(inside::put);
            json.put(room, inside);
        });
        return json;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
