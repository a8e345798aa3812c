package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that a server makes of a directory: Apache, nginx, lighttpd, Caddy, webfs, mini-httpd, rclone, Python's {@code
 * http.server} and their like. Any page has links, so it is believed only when it is whole, has what such pages have (a
 * heading, links for sorting, a way upwards) and nothing to log in with, and does not name another directory.
 */
final class IndexPage {
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,4});");
    private static final List<String> HEADINGS =
            List.of("index of ", "directory listing for ", "directory listing of ", "directory: ", "listing: ");
    private static final List<String> ENDS = List.of("</html>", "</body>", "</pre>");
    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ");
    /** Of links that are no names though nothing follows their colon twice. */
    private static final Set<String> SCHEMES =
            Set.of("mailto", "javascript", "data", "tel", "ftp", "ftps", "about", "blob", "file", "http", "https");

    private final HttpUrl url;
    private final RealPath directory;
    private final Map<String, Boolean> names = new TreeMap<>();
    private final List<String> headings = new ArrayList<>();
    private boolean sortable;
    private boolean upwards;
    private boolean breadcrumbs;
    private boolean login;

    private IndexPage(HttpUrl url, RealPath directory) {
        this.url = url;
        this.directory = directory;
    }

    /**
     * The names it links to, and whether each is a directory as far as it says; empty when it is no index of that
     * directory, or not whole.
     *
     * @param url of the page
     * @param directory which directory of the origin it is to be of
     */
    static Optional<Map<String, Boolean>> parse(byte[] body, HttpUrl url, RealPath directory) {
        String page = RealPath.decode(body);
        String end = page.substring(Math.max(0, page.length() - 1000)).toLowerCase(Locale.ROOT);
        if (ENDS.stream().noneMatch(end::contains)) {
            return Optional.empty();
        }
        IndexPage index = new IndexPage(url, directory);
        index.read(new HtmlScanner(page));
        return index.isOne() ? Optional.of(index.names) : Optional.empty();
    }

    private void read(HtmlScanner scanner) {
        List<String> links = new ArrayList<>();
        for (HtmlScanner.Tag tag = scanner.next(); tag != null; tag = scanner.next()) {
            switch (tag.name()) {
                case "title", "h1", "h2" -> headings.add(unescape(tag.text()).strip());
                case "input" -> login |= tag.attribute("type").equalsIgnoreCase("password");
                case "a" -> {
                    String href = tag.attribute("href");
                    if (!href.isEmpty()) {
                        links.add(unescape(href.strip()));
                    }
                }
                default -> breadcrumbs |= tag.attribute("class").contains("breadcrumb");
            }
        }
        List<String> bases = bases();
        links.forEach(link -> take(link, bases));
    }

    /** The paths under which the directory's own links may stand: as asked for, and as a server behind a proxy knows it. */
    private List<String> bases() {
        List<String> bases = new ArrayList<>(List.of(url.decodedPath()));
        headings.stream().flatMap(heading -> named(heading).stream()).forEach(path -> {
            if (path.startsWith("/") && path.length() > 1 && mayBeThis(path)) {
                bases.add(path.endsWith("/") ? path : path + "/");
            }
        });
        return bases;
    }

    private boolean isOne() {
        List<String> named =
                headings.stream().flatMap(heading -> named(heading).stream()).toList();
        if (login || named.stream().anyMatch(path -> !mayBeThis(path))) {
            return false;
        }
        return named.stream().anyMatch(this::isThis) || sortable || breadcrumbs || (upwards && !names.isEmpty());
    }

    /** What a heading says the page is an index of. */
    private static Optional<String> named(String heading) {
        String small = heading.toLowerCase(Locale.ROOT);
        return HEADINGS.stream().filter(small::startsWith).findFirst().map(known -> heading.substring(known.length())
                .strip());
    }

    /** Whether a heading names the directory as it was asked for, or as a server knows it that a proxy cuts the root's path off. */
    private boolean isThis(String path) {
        String slashed = path.endsWith("/") ? path : path + "/";
        String own = directory.isRoot() ? "/" : "/" + directory.value() + "/";
        return slashed.equals(url.decodedPath()) || slashed.equals(own);
    }

    /**
     * Whether a directory that a server calls so may be the one that was asked for: behind a proxy the path before the
     * origin's root may be any, but not what lies below it.
     */
    private boolean mayBeThis(String path) {
        if (directory.isRoot() || path.isEmpty()) {
            return true;
        }
        String slashed = "/" + path + (path.endsWith("/") ? "" : "/");
        return slashed.endsWith("/" + directory.value() + "/") || slashed.equals("/" + directory.name() + "/");
    }

    /** Takes a link to something below the page's directory: one name, with its slash if it is a directory. */
    private void take(String href, List<String> bases) {
        if (isSorting(href)) {
            sortable = true;
            return;
        }
        String path = local(href);
        if (path.isEmpty() || path.indexOf('?') >= 0 || path.startsWith("#")) {
            // Actions on the files.
            return;
        }
        int fragment = path.indexOf('#');
        String decoded = Percent.decode(fragment < 0 ? path : path.substring(0, fragment));
        if (decoded.equals("..") || decoded.equals("../") || isParent(decoded, bases)) {
            upwards = true;
            return;
        }
        if (decoded.startsWith("/")) {
            String absolute = decoded;
            Optional<String> base = bases.stream().filter(absolute::startsWith).findFirst();
            if (base.isEmpty()) {
                return;
            }
            decoded = decoded.substring(base.get().length());
        } else if (decoded.startsWith("./")) {
            decoded = decoded.substring(2);
        }
        boolean slash = decoded.endsWith("/");
        String bare = slash ? decoded.substring(0, decoded.length() - 1) : decoded;
        if (!bare.isEmpty()
                && !bare.equals(".")
                && !bare.equals("..")
                && bare.indexOf('/') < 0
                && bare.indexOf('\0') < 0) {
            names.merge(bare, slash, Boolean::logicalOr);
        }
    }

    private static boolean isParent(String decoded, List<String> bases) {
        return decoded.length() > 1
                ? bases.stream()
                        .anyMatch(base -> base.startsWith(decoded)
                                && base.length() > decoded.length()
                                && base.indexOf('/', decoded.length()) == base.length() - 1)
                : decoded.equals("/") && bases.stream().anyMatch(base -> base.indexOf('/', 1) == base.length() - 1);
    }

    private static boolean isSorting(String href) {
        int question = href.indexOf('?');
        String before = question < 0 ? href : href.substring(0, question);
        String query = question < 0 ? "" : href.substring(question + 1);
        return (before.isEmpty() || before.equals("./"))
                && (query.startsWith("C=") || query.startsWith("sort=") || query.contains("order="));
    }

    /** A link without scheme and host; empty for one that leads elsewhere. */
    private static String local(String href) {
        if (href.startsWith("http://") || href.startsWith("https://")) {
            int slash = href.indexOf('/', href.indexOf("//") + 2);
            return slash < 0 ? "" : href.substring(slash);
        }
        int colon = href.indexOf(':');
        int slash = href.indexOf('/');
        boolean scheme = colon > 0
                && (slash < 0 || colon < slash)
                && (href.startsWith("//", colon + 1)
                        || SCHEMES.contains(href.substring(0, colon).toLowerCase(Locale.ROOT)));
        return scheme || href.startsWith("//") ? "" : href;
    }

    private static String unescape(String text) {
        return ENTITY.matcher(text).replaceAll(found -> Matcher.quoteReplacement(entity(found.group(1))));
    }

    private static String entity(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.getOrDefault(name, "&" + name + ";");
        }
        boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
        int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
        return Character.isValidCodePoint(code) ? Character.toString(code) : "\uFFFD";
    }
}
