export HTTPS_PROXY=http://127.0.0.1:4040
export HTTP_PROXY=http://127.0.0.1:4040
export https_proxy=http://127.0.0.1:4040
export http_proxy=http://127.0.0.1:4040
export grpc_proxy=http://127.0.0.1:4040
export NO_PROXY=corp.example,localhost,127.0.0.1,::1
export no_proxy=corp.example,localhost,127.0.0.1,::1
export NODE_USE_ENV_PROXY=1
export NODE_EXTRA_CA_CERTS='/my data/ca.pem'
export DENO_CERT='/my data/ca.pem'
export SSL_CERT_FILE='/my data/bundle.pem'
export REQUESTS_CA_BUNDLE='/my data/bundle.pem'
export PIP_CERT='/my data/bundle.pem'
export CURL_CA_BUNDLE='/my data/bundle.pem'
export AWS_CA_BUNDLE='/my data/bundle.pem'
export CARGO_HTTP_CAINFO='/my data/bundle.pem'
export GIT_SSL_CAINFO='/my data/bundle.pem'
export GRPC_DEFAULT_SSL_ROOTS_FILE_PATH='/my data/bundle.pem'
export JAVA_TOOL_OPTIONS='-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4040 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4040 -Dhttp.nonProxyHosts=localhost|127.*|[::1] "-Djavax.net.ssl.trustStore=/my data/java.p12" -Djavax.net.ssl.trustStorePassword=changeit'
export ALERT40_BEFORE='{"HTTPS_PROXY":["","http://127.0.0.1:4040"],"HTTP_PROXY":["","http://127.0.0.1:4040"],"https_proxy":["","http://127.0.0.1:4040"],"http_proxy":["","http://127.0.0.1:4040"],"grpc_proxy":["","http://127.0.0.1:4040"],"NO_PROXY":["","corp.example,localhost,127.0.0.1,::1"],"no_proxy":["","corp.example,localhost,127.0.0.1,::1"],"NODE_USE_ENV_PROXY":["","1"],"NODE_EXTRA_CA_CERTS":["","/my data/ca.pem"],"DENO_CERT":["","/my data/ca.pem"],"SSL_CERT_FILE":["","/my data/bundle.pem"],"REQUESTS_CA_BUNDLE":["","/my data/bundle.pem"],"PIP_CERT":["","/my data/bundle.pem"],"CURL_CA_BUNDLE":["","/my data/bundle.pem"],"AWS_CA_BUNDLE":["","/my data/bundle.pem"],"CARGO_HTTP_CAINFO":["","/my data/bundle.pem"],"GIT_SSL_CAINFO":["","/my data/bundle.pem"],"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH":["","/my data/bundle.pem"],"JAVA_TOOL_OPTIONS":["","-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4040 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4040 -Dhttp.nonProxyHosts=localhost|127.*|[::1] \"-Djavax.net.ssl.trustStore=/my data/java.p12\" -Djavax.net.ssl.trustStorePassword=changeit"]}'
# git, for good:
#     git config --global http.proxy http://127.0.0.1:4040
#     git config --global http.sslCAInfo '/my data/bundle.pem'
# Cursor and VS Code, in settings.json:
# {
#     "http.proxy": "http://127.0.0.1:4040",
#     "http.proxySupport": "override",
#     "http.proxyStrictSSL": true,
#     "http.systemCertificates": true
# }
# Cursor's agent speaks HTTP/2 from Node, which knows no proxy. To bring it here as well, turn on its HTTP/1.1 mode:
#     "cursor.general.disableHttp2": true
# Where a rule intercepts: alert40 ca trust, for the windows; and for the extensions start the editor with
#     NODE_EXTRA_CA_CERTS='/my data/ca.pem'
# Start the editor again afterwards.
