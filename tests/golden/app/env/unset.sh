unset HTTPS_PROXY
unset HTTP_PROXY
unset https_proxy
unset http_proxy
unset grpc_proxy
unset NODE_USE_ENV_PROXY
unset NODE_EXTRA_CA_CERTS
unset DENO_CERT
unset SSL_CERT_FILE
unset REQUESTS_CA_BUNDLE
unset PIP_CERT
unset CURL_CA_BUNDLE
unset AWS_CA_BUNDLE
unset CARGO_HTTP_CAINFO
unset GIT_SSL_CAINFO
unset GRPC_DEFAULT_SSL_ROOTS_FILE_PATH
unset JAVA_TOOL_OPTIONS
unset ALERT40_BEFORE
# git, for good:
#     git config --global --unset http.proxy
#     git config --global --unset http.sslCAInfo
