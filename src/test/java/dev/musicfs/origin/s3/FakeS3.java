package dev.musicfs.origin.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bucket in memory behind as much of S3's protocol as a reader uses; it takes only what is rightly signed. */
final class FakeS3 {
    static final String ACCESS_KEY = "access";
    static final String SECRET_KEY = "secret";
    static final String REGION = "test-region-1";
    static final String BUCKET = "music";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>(FakeS3::byBytes);
    private final AtomicLong seconds = new AtomicLong(1_700_000_000);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final Queue<HttpConnection> connections = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private volatile boolean gone;
    /** Answers that wait until there are as many; none waits while it is 0. */
    private int together;

    private final List<HttpServerRequest> held = new ArrayList<>();

    private record Stored(Buffer bytes, Instant modified, String tag) {}

    FakeS3(Vertx vertx) {
        server = vertx.createHttpServer().connectionHandler(connections::add).requestHandler(this::take);
    }

    Future<String> listen() {
        return server.listen(0, "127.0.0.1").map(ready -> "http://127.0.0.1:" + ready.actualPort());
    }

    void put(String key, byte[] bytes) {
        long number = seconds.incrementAndGet();
        // Half a second, which only a listing tells.
        objects.put(
                key,
                new Stored(
                        Buffer.buffer(bytes.clone()),
                        Instant.ofEpochSecond(number, 500_000_000),
                        HexFormat.of().toHexDigits(number)));
    }

    void remove(String key) {
        objects.remove(key);
    }

    void clear() {
        objects.clear();
    }

    /** There is no such bucket any more. */
    void removeBucket() {
        gone = true;
    }

    /** Answers nothing until this many requests wait for it, and then those and all that come. */
    synchronized void answerTogether(int count) {
        together = count;
    }

    /** Closes every connection, idle or not. */
    void dropConnections() {
        connections.forEach(HttpConnection::close);
    }

    /** How many connections there ever were. */
    int connections() {
        return connections.size();
    }

    int requests() {
        return requests.get();
    }

    int pages() {
        return pages.get();
    }

    private synchronized void take(HttpServerRequest request) {
        held.add(request);
        if (held.size() >= together) {
            together = 0;
            held.forEach(this::answer);
            held.clear();
        }
    }

    private void answer(HttpServerRequest request) {
        requests.incrementAndGet();
        if (!SignatureCheck.passes(
                request.method().name(), request.uri(), request.headers(), ACCESS_KEY, SECRET_KEY, REGION)) {
            error(request, 403, "SignatureDoesNotMatch");
            return;
        }
        String path = Keys.decode(request.path(), false);
        if (gone || !(path + "/").startsWith("/" + BUCKET + "/")) {
            error(request, 404, "NoSuchBucket");
        } else if (path.length() <= BUCKET.length() + 2) {
            list(request);
        } else {
            object(request, path.substring(BUCKET.length() + 2));
        }
    }

    private void object(HttpServerRequest request, String key) {
        Stored found = objects.get(key);
        String match = request.getHeader("If-Match");
        if (found == null) {
            error(request, 404, "NoSuchKey");
            return;
        }
        if (match != null && !match.equals("\"" + found.tag + "\"")) {
            error(request, 412, "PreconditionFailed");
            return;
        }
        request.response()
                .putHeader("ETag", "\"" + found.tag + "\"")
                .putHeader(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(found.modified.atOffset(ZoneOffset.UTC)));
        if (request.method().name().equals("HEAD")) {
            request.response()
                    .putHeader("Content-Length", Integer.toString(found.bytes.length()))
                    .end();
            return;
        }
        Matcher range = RANGE.matcher(String.valueOf(request.getHeader("Range")));
        if (!range.matches()) {
            request.response().end(found.bytes);
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int to = Math.min(found.bytes.length(), Integer.parseInt(range.group(2)) + 1);
        if (from >= to) {
            error(request, 416, "InvalidRange");
            return;
        }
        request.response()
                .setStatusCode(206)
                .putHeader("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + found.bytes.length())
                .end(found.bytes.getBuffer(from, to));
    }

    private void list(HttpServerRequest request) {
        pages.incrementAndGet();
        String prefix = request.getParam("prefix", "");
        boolean delimited = "/".equals(request.getParam("delimiter"));
        int most = Integer.parseInt(request.getParam("max-keys", "1000"));
        String token = request.getParam("continuation-token");
        // What the last page ended with: K and a key, or P and the prefix of a directory.
        String at = token == null ? "" : new String(HexFormat.of().parseHex(token), StandardCharsets.UTF_8);
        StringBuilder page = new StringBuilder();
        int count = 0;
        Map.Entry<String, Stored> next = token == null ? objects.ceilingEntry(prefix) : after(at);
        while (next != null && next.getKey().startsWith(prefix) && count < most) {
            int slash = next.getKey().indexOf('/', prefix.length());
            if (delimited && slash >= 0) {
                String directory = next.getKey().substring(0, slash + 1);
                page.append("<CommonPrefixes><Prefix>" + encode(directory) + "</Prefix></CommonPrefixes>");
                at = "P" + directory;
            } else {
                page.append(contents(next.getKey(), next.getValue()));
                at = "K" + next.getKey();
            }
            count++;
            next = after(at);
        }
        boolean more = next != null && next.getKey().startsWith(prefix);
        request.response()
                .putHeader("Content-Type", "application/xml")
                .end("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult"
                        + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + BUCKET
                        + "</Name><EncodingType>url</EncodingType><KeyCount>" + count + "</KeyCount><IsTruncated>"
                        + more + "</IsTruncated>"
                        + (more
                                ? "<NextContinuationToken>"
                                        + HexFormat.of().formatHex(at.getBytes(StandardCharsets.UTF_8))
                                        + "</NextContinuationToken>"
                                : "")
                        + page + "</ListBucketResult>");
    }

    // What comes after a key, or after everything in a directory.
    private Map.Entry<String, Stored> after(String at) {
        return at.startsWith("P")
                ? objects.ceilingEntry(at.substring(1, at.length() - 1) + "0")
                : objects.higherEntry(at.substring(1));
    }

    private static String contents(String key, Stored stored) {
        return "<Contents><Key>" + encode(key) + "</Key><LastModified>" + stored.modified
                + "</LastModified><ETag>&quot;" + stored.tag + "&quot;</ETag><Size>" + stored.bytes.length()
                + "</Size><StorageClass>STANDARD</StorageClass><Owner><ID>nobody</ID></Owner></Contents>";
    }

    // As Amazon does it: a space is a plus.
    private static String encode(String key) {
        return Keys.encode(key, true).replace("%20", "+");
    }

    private static void error(HttpServerRequest request, int status, String code) {
        request.response()
                .setStatusCode(status)
                .end(
                        request.method().name().equals("HEAD")
                                ? ""
                                : "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>so it is</Message>"
                                        + "</Error>");
    }

    private static int byBytes(String a, String b) {
        return java.util.Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
