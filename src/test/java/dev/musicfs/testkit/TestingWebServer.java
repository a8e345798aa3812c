package dev.musicfs.testkit;

import dev.musicfs.model.RealPath;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A web server with files in memory below {@code /music files/}, that knows WebDAV or makes index pages. */
public final class TestingWebServer {
    /** How it lists. */
    public enum Style {
        WEBDAV,
        INDEX
    }

    private static final String BASE = "music files/";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final class Entry {
        private final byte[] bytes;
        private final long seconds;
        private final String etag;

        Entry(byte[] bytes, long seconds, String etag) {
            this.bytes = bytes;
            this.seconds = seconds;
            this.etag = etag;
        }
    }

    private final Style style;
    private final HttpServer server;
    private final Map<String, Entry> files = new ConcurrentSkipListMap<>();
    private final AtomicLong versions = new AtomicLong(1_000_000_000);
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean gone;
    private volatile boolean ranges = true;
    private volatile boolean validators = true;

    /** A server that listens nowhere yet. */
    public TestingWebServer(Vertx vertx, Style style) {
        this.style = style;
        this.server = vertx.createHttpServer()
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(this::answer);
    }

    /** On a port of the system's choice. */
    public Future<Integer> listen() {
        return server.listen(0, "127.0.0.1").map(HttpServer::actualPort);
    }

    /** The URL of its root. */
    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/music%20files";
    }

    /** Puts a file there, as a version it never had before. */
    public void put(String path, byte[] bytes) {
        long number = versions.incrementAndGet();
        files.put(path, new Entry(bytes.clone(), number, "\"v" + number + "\""));
    }

    /** Removes a file. */
    public void remove(String path) {
        files.remove(path);
    }

    /** Whether the root is away. */
    public void gone(boolean now) {
        gone = now;
    }

    /** Whether it understands {@code Range}. */
    public void ranges(boolean now) {
        ranges = now;
    }

    /** Whether it sends and understands ETags and times. */
    public void validators(boolean now) {
        validators = now;
    }

    /** How many connections were made to it. */
    public int connections() {
        return connections.get();
    }

    /** Method and raw path of each request so far. */
    public List<String> requests() {
        return requests;
    }

    private void answer(HttpServerRequest request) {
        requests.add(request.method() + " " + request.path());
        request.body().onSuccess(body -> {
            String path = decode(request.path()).substring(1);
            HttpServerResponse response = request.response();
            if (gone || !(path + "/").startsWith(BASE)) {
                response.setStatusCode(404).end("no such thing");
                return;
            }
            String bare = path.length() < BASE.length() ? "" : path.substring(BASE.length());
            boolean slash = path.endsWith("/");
            bare = slash && !bare.isEmpty() ? bare.substring(0, bare.length() - 1) : bare;
            Entry file = files.get(bare);
            boolean directory = bare.isEmpty() || isDirectory(bare);
            if ((file == null && !directory) || (file != null && slash)) {
                response.setStatusCode(404).end("no such thing");
            } else if (request.method().name().equals("PROPFIND")) {
                propfind(request, bare, directory);
            } else if (directory && !slash) {
                response.setStatusCode(301)
                        .putHeader("Location", request.path() + "/")
                        .end();
            } else if (directory) {
                index(request, bare);
            } else {
                file(request, file);
            }
        });
    }

    private boolean isDirectory(String path) {
        return files.keySet().stream().anyMatch(each -> each.startsWith(path + "/"));
    }

    /** Names directly below, and whether each is a directory. */
    private Map<String, Boolean> children(String directory) {
        String above = directory.isEmpty() ? "" : directory + "/";
        Map<String, Boolean> names = new TreeMap<>();
        for (String path : files.keySet()) {
            if (path.startsWith(above)) {
                String rest = path.substring(above.length());
                int slash = rest.indexOf('/');
                names.put(slash < 0 ? rest : rest.substring(0, slash), slash >= 0);
            }
        }
        return names;
    }

    private void propfind(HttpServerRequest request, String path, boolean directory) {
        if (style == Style.INDEX) {
            request.response().setStatusCode(405).end("<html>not allowed</html>");
            return;
        }
        StringBuilder xml =
                new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\">\n");
        response(xml, path, directory);
        if (directory && "1".equals(request.getHeader("Depth"))) {
            String above = path.isEmpty() ? "" : path + "/";
            children(path).forEach((name, isDirectory) -> response(xml, above + name, isDirectory));
        }
        request.response()
                .setStatusCode(207)
                .putHeader("Content-Type", "application/xml")
                .end(xml + "</D:multistatus>\n");
    }

    private void response(StringBuilder xml, String path, boolean directory) {
        xml.append("<D:response><D:href>")
                .append("/")
                .append(encode(BASE + path))
                .append(directory && !path.isEmpty() ? "/" : "")
                .append("</D:href><D:propstat><D:prop>");
        if (directory) {
            xml.append("<D:resourcetype><D:collection/></D:resourcetype></D:prop>");
        } else {
            Entry file = files.get(path);
            xml.append("<D:resourcetype/><D:getcontentlength>")
                    .append(file.bytes.length)
                    .append("</D:getcontentlength>");
            if (validators) {
                xml.append("<D:getlastmodified>")
                        .append(TIME.format(Instant.ofEpochSecond(file.seconds)))
                        .append("</D:getlastmodified><D:getetag>")
                        .append(file.etag)
                        .append("</D:getetag>");
            }
            xml.append("</D:prop>");
        }
        xml.append("<D:status>HTTP/1.1 200 OK</D:status></D:propstat><D:propstat><D:prop><D:getetag>none</D:getetag>")
                .append("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>\n");
    }

    private void index(HttpServerRequest request, String path) {
        String title = "Index of /" + BASE + (path.isEmpty() ? "" : path + "/");
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.writeBytes(RealPath.encode("<html><head><title>" + escape(title) + "</title></head><body><h1>"
                + escape(title) + "</h1><a href=\"?C=N;O=D\">Name</a> <a href=\"../\">../</a>\n"));
        children(path)
                .forEach((name, directory) -> page.writeBytes(RealPath.encode(
                        "<a href=\"" + encode(name) + (directory ? "/" : "") + "\">" + escape(name) + "</a>\n")));
        page.writeBytes(RealPath.encode("</body></html>\n"));
        HttpServerResponse response = request.response().putHeader("Content-Type", "text/html;charset=utf-8");
        send(request, response, Buffer.buffer(page.toByteArray()));
    }

    private void file(HttpServerRequest request, Entry file) {
        HttpServerResponse response = request.response().putHeader("Content-Type", "audio/flac");
        if (validators) {
            response.putHeader("ETag", file.etag)
                    .putHeader("Last-Modified", TIME.format(Instant.ofEpochSecond(file.seconds)));
            String match = request.getHeader("If-Match");
            if (match != null && !match.equals(file.etag)) {
                response.setStatusCode(412).end();
                return;
            }
        }
        String range = request.getHeader("Range");
        if (range == null || !ranges) {
            send(request, response, Buffer.buffer(file.bytes));
            return;
        }
        String[] ends = range.substring("bytes=".length()).split("-", 2);
        int from = Integer.parseInt(ends[0]);
        int to = Math.min(Integer.parseInt(ends[1]), file.bytes.length - 1);
        if (from > to) {
            response.setStatusCode(416)
                    .putHeader("Content-Range", "bytes */" + file.bytes.length)
                    .end();
            return;
        }
        response.setStatusCode(206).putHeader("Content-Range", "bytes " + from + "-" + to + "/" + file.bytes.length);
        send(request, response, Buffer.buffer(file.bytes).getBuffer(from, to + 1));
    }

    private static void send(HttpServerRequest request, HttpServerResponse response, Buffer body) {
        response.putHeader("Content-Length", String.valueOf(body.length()));
        if (request.method().name().equals("HEAD")) {
            response.end();
        } else {
            response.end(body);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String encode(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : RealPath.encode(path)) {
            boolean plain = b == '/' || b == '.' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z');
            out.append(plain ? String.valueOf((char) b) : "%%%02x".formatted(b & 0xFF));
        }
        return out.toString();
    }

    private static String decode(String raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                out.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return RealPath.decode(out.toByteArray());
    }
}
