set -gx HTTPS_PROXY http://127.0.0.1:4040
set -gx HTTP_PROXY http://127.0.0.1:4040
set -gx https_proxy http://127.0.0.1:4040
set -gx http_proxy http://127.0.0.1:4040
set -gx grpc_proxy http://127.0.0.1:4040
set -gx NO_PROXY corp.example,localhost,127.0.0.1,::1
set -gx no_proxy corp.example,localhost,127.0.0.1,::1
set -gx NODE_USE_ENV_PROXY 1
set -gx NODE_EXTRA_CA_CERTS '/my data/ca.pem'
set -gx DENO_CERT '/my data/ca.pem'
set -gx SSL_CERT_FILE '/my data/bundle.pem'
set -gx REQUESTS_CA_BUNDLE '/my data/bundle.pem'
set -gx PIP_CERT '/my data/bundle.pem'
set -gx CURL_CA_BUNDLE '/my data/bundle.pem'
set -gx AWS_CA_BUNDLE '/my data/bundle.pem'
set -gx CARGO_HTTP_CAINFO '/my data/bundle.pem'
set -gx GIT_SSL_CAINFO '/my data/bundle.pem'
set -gx GRPC_DEFAULT_SSL_ROOTS_FILE_PATH '/my data/bundle.pem'
set -gx ALERT40_BEFORE '{"HTTPS_PROXY":["","http://127.0.0.1:4040"],"HTTP_PROXY":["","http://127.0.0.1:4040"],"https_proxy":["","http://127.0.0.1:4040"],"http_proxy":["","http://127.0.0.1:4040"],"grpc_proxy":["","http://127.0.0.1:4040"],"NO_PROXY":["","corp.example,localhost,127.0.0.1,::1"],"no_proxy":["","corp.example,localhost,127.0.0.1,::1"],"NODE_USE_ENV_PROXY":["","1"],"NODE_EXTRA_CA_CERTS":["","/my data/ca.pem"],"DENO_CERT":["","/my data/ca.pem"],"SSL_CERT_FILE":["","/my data/bundle.pem"],"REQUESTS_CA_BUNDLE":["","/my data/bundle.pem"],"PIP_CERT":["","/my data/bundle.pem"],"CURL_CA_BUNDLE":["","/my data/bundle.pem"],"AWS_CA_BUNDLE":["","/my data/bundle.pem"],"CARGO_HTTP_CAINFO":["","/my data/bundle.pem"],"GIT_SSL_CAINFO":["","/my data/bundle.pem"],"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH":["","/my data/bundle.pem"]}'
