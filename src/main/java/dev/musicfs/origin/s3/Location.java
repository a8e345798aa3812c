package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.ServerUrl;
import dev.musicfs.origin.wire.HttpUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the files of an origin are.
 *
 * @param endpoint the server and perhaps a path, which ends with no slash; the bucket's name comes on top
 * @param prefix what every key begins with: empty, or names that each end with a slash
 * @param pathStyle whether the bucket is named in the path instead of the host
 * @param amazon whether the endpoint follows from the region, so that another region is another endpoint
 */
record Location(HttpUrl endpoint, String bucket, String prefix, String region, boolean pathStyle, boolean amazon) {
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String DEFAULT_REGION = "us-east-1";

    /** Refuses settings that make no sense with a phrase that begins with the key. */
    static Location of(OriginSettings settings) {
        URI url = parse("url", settings.requiredText("url"));
        String bucket = url.getRawAuthority();
        if (!"s3".equals(url.getScheme())
                || bucket == null
                || !BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("url must be s3://BUCKET or s3://BUCKET/PREFIX");
        }
        if (url.getRawFragment() != null) {
            throw new IllegalArgumentException("url must not have a #; in a name it is written %23");
        }
        Map<String, String> query = query(url);
        String region = settings.text("region").or(() -> take(query, "region")).orElse(DEFAULT_REGION);
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region must be a name such as us-east-1");
        }
        Optional<HttpUrl> endpoint =
                settings.text("endpoint").or(() -> take(query, "endpoint")).map(Location::endpoint);
        boolean pathStyle = settings.flag("path_style")
                .or(() -> take(query, "path_style").map(Location::flag))
                .orElse(endpoint.isPresent() || bucket.contains("."));
        query.keySet().removeAll(java.util.Set.of("region", "endpoint", "path_style"));
        if (!query.isEmpty()) {
            throw new IllegalArgumentException("url has a parameter that is not known: "
                    + query.keySet().iterator().next());
        }
        return new Location(
                endpoint.orElseGet(() -> ofAmazon(region)), bucket, prefix(url), region, pathStyle, endpoint.isEmpty());
    }

    /** The same bucket, which turned out to be in another region. */
    Location in(String otherRegion) {
        if (!REGION.matcher(otherRegion).matches()) {
            throw new IllegalArgumentException("not a region");
        }
        return new Location(ofAmazon(otherRegion), bucket, prefix, otherRegion, pathStyle, amazon);
    }

    /** The key of a file. */
    String key(RealPath path) {
        return prefix + path.value();
    }

    /** What the keys of everything in a directory begin with. */
    String prefix(RealPath directory) {
        return directory.isRoot() ? prefix : prefix + directory.value() + "/";
    }

    /** Where a request about a key goes; about the bucket if the key is empty. */
    HttpUrl url(String key) {
        String path = endpoint.path() + (pathStyle ? "/" + bucket + (key.isEmpty() ? "" : "/") : "/");
        return new HttpUrl(
                endpoint.ssl(),
                pathStyle ? endpoint.host() : bucket + "." + endpoint.host(),
                endpoint.port(),
                path + Keys.encode(key, true),
                "");
    }

    /** Where the bucket is asked something. */
    HttpUrl url(Map<String, String> query) {
        return url("").withQuery(query.entrySet().stream()
                .map(each -> Keys.encode(each.getKey(), false) + "=" + Keys.encode(each.getValue(), false))
                .collect(Collectors.joining("&")));
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix + " at " + endpoint;
    }

    private static HttpUrl ofAmazon(String region) {
        String domain = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
        return new HttpUrl(true, "s3." + region + domain, 443, "", "");
    }

    private static HttpUrl endpoint(String text) {
        ServerUrl url;
        try {
            url = ServerUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "endpoint must be a URL such as https://s3.example.org: " + e.getMessage(), e);
        }
        if (!List.of("http", "https").contains(url.scheme())) {
            throw new IllegalArgumentException("endpoint must be a URL such as https://s3.example.org");
        }
        if (url.userInfo().isPresent()
                || url.query().isPresent()
                || url.fragment().isPresent()) {
            throw new IllegalArgumentException("endpoint must have no user, query or fragment");
        }
        return HttpUrl.of(url).withPath(url.path().replaceFirst("/+$", ""));
    }

    private static String prefix(URI url) {
        String path = url.getPath().replaceFirst("^/", "").replaceFirst("/$", "");
        try {
            return path.isEmpty() ? "" : new RealPath(path).value() + "/";
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url must be s3://BUCKET/PREFIX without empty, . or .. names", e);
        }
    }

    private static Map<String, String> query(URI url) {
        Map<String, String> query = new TreeMap<>();
        if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
            for (String pair : url.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.put(equals < 0 ? pair : pair.substring(0, equals), Keys.decode(value, false));
            }
        }
        return query;
    }

    private static Optional<String> take(Map<String, String> query, String name) {
        return Optional.ofNullable(query.get(name));
    }

    private static boolean flag(String text) {
        if (!(text.equals("true") || text.equals("false"))) {
            throw new IllegalArgumentException("path_style must be true or false");
        }
        return text.equals("true");
    }

    private static URI parse(String key, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(key + " must be a URL: " + e.getReason(), e);
        }
    }
}
