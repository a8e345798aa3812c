package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Percent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that Apache, nginx, lighttpd, Caddy and Python's {@code http.server} make of a directory. It is believed only
 * when its title says that it is the index of this very directory and its end is there, since any other page has links
 * too.
 */
final class IndexPage {
    private static final Pattern TITLE = Pattern.compile("<title>([^<]{0,8000})</title>", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK = Pattern.compile(
            "<a\\s[^>]{0,2000}?\\bhref\\s{0,9}=\\s{0,9}(?:\"([^\"]{0,8000})\"|'([^']{0,8000})'|([^\\s>\"']{1,8000}))",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,4});");
    private static final List<String> HEADINGS = List.of("index of ", "directory listing for ");
    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

    private IndexPage() {}

    /**
     * The names it links to, and whether each is a directory; empty when it is no index of that directory, or not whole.
     *
     * @param url of the page
     * @param titles how the directory may be called in the title, each with a slash at its end
     */
    static Optional<Map<String, Boolean>> parse(byte[] body, HttpUrl url, Set<String> titles) {
        String page = RealPath.decode(body);
        if (!page.substring(Math.max(0, page.length() - 1000))
                        .toLowerCase(Locale.ROOT)
                        .contains("</html>")
                || !isIndexOf(page, titles)) {
            return Optional.empty();
        }
        Map<String, Boolean> names = new TreeMap<>();
        Matcher link = LINK.matcher(page);
        while (link.find()) {
            String href = link.group(1) != null ? link.group(1) : link.group(2) != null ? link.group(2) : link.group(3);
            child(unescape(href.strip()), url).ifPresent(name -> {
                boolean directory = name.endsWith("/");
                String bare = directory ? name.substring(0, name.length() - 1) : name;
                names.merge(bare, directory, Boolean::logicalOr);
            });
        }
        return Optional.of(names);
    }

    private static boolean isIndexOf(String page, Set<String> titles) {
        Matcher title = TITLE.matcher(page);
        if (!title.find()) {
            return false;
        }
        String text = unescape(title.group(1)).strip();
        for (String heading : HEADINGS) {
            if (text.toLowerCase(Locale.ROOT).startsWith(heading)) {
                String named = text.substring(heading.length()).strip();
                return titles.contains(named.endsWith("/") ? named : named + "/");
            }
        }
        // Caddy's has the directory's last name alone.
        return page.contains("class=\"breadcrumbs\"") && titles.stream().anyMatch(each -> isLastName(text, each));
    }

    private static boolean isLastName(String text, String directory) {
        String bare = text.endsWith("/") ? text : text + "/";
        return directory.equals(bare) || directory.endsWith("/" + bare);
    }

    /** What a link leads to below the page's directory: one name, with its slash if it is a directory. */
    private static Optional<String> child(String href, HttpUrl url) {
        String base = url.decodedPath();
        String path = href;
        if (path.startsWith("http://") || path.startsWith("https://")) {
            int slash = path.indexOf('/', path.indexOf("//") + 2);
            if (slash < 0) {
                return Optional.empty();
            }
            path = path.substring(slash);
        } else if (SCHEME.matcher(path).matches() || path.startsWith("//")) {
            return Optional.empty();
        }
        if (path.isEmpty() || path.indexOf('?') >= 0 || path.startsWith("#")) {
            // Sorting, and actions on the files.
            return Optional.empty();
        }
        int fragment = path.indexOf('#');
        String decoded = Percent.decode(fragment < 0 ? path : path.substring(0, fragment));
        if (decoded.startsWith("/")) {
            if (!decoded.startsWith(base)) {
                return Optional.empty();
            }
            decoded = decoded.substring(base.length());
        } else if (decoded.startsWith("./")) {
            decoded = decoded.substring(2);
        }
        String bare = decoded.endsWith("/") ? decoded.substring(0, decoded.length() - 1) : decoded;
        return bare.isEmpty()
                        || bare.equals(".")
                        || bare.equals("..")
                        || bare.indexOf('/') >= 0
                        || bare.indexOf('\0') >= 0
                ? Optional.empty()
                : Optional.of(decoded);
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
