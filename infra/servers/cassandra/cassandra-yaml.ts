import type { Settings } from '../../launcher/settings.ts';

/**
 * One small node with the storage engine of 5.0. The commit log is synced for each batch of writes: with the periodic
 * default a kill -9 loses acknowledged writes. Time-outs are generous, a busy laptop hits the defaults of 2 s.
 */
export function cassandraYaml(settings: Settings, dataDir: string): string {
  return `cluster_name: shopstream
num_tokens: 1
auto_bootstrap: false
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: 127.0.0.1
storage_port: ${settings.CASSANDRA_STORAGE_PORT}
rpc_address: 127.0.0.1
start_native_transport: true
native_transport_port: ${settings.CASSANDRA_PORT}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${settings.CASSANDRA_STORAGE_PORT}"
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer

data_file_directories:
  - ${dataDir}/data
commitlog_directory: ${dataDir}/commitlog
saved_caches_directory: ${dataDir}/saved_caches
hints_directory: ${dataDir}/hints
cdc_raw_directory: ${dataDir}/cdc_raw

commitlog_sync: batch
commitlog_segment_size: 16MiB
commitlog_total_space: 512MiB
commitlog_disk_access_mode: legacy
disk_failure_policy: die
commit_failure_policy: die
auto_snapshot: false

storage_compatibility_mode: NONE
uuid_sstable_identifiers_enabled: true
memtable:
  configurations:
    trie:
      class_name: TrieMemtable
    default:
      inherits: trie
memtable_allocation_type: offheap_objects
memtable_heap_space: 96MiB
memtable_offheap_space: 96MiB
memtable_flush_writers: 1
sstable:
  selected_format: bti
default_compaction:
  class_name: UnifiedCompactionStrategy
  parameters:
    scaling_parameters: T4
    target_sstable_size: 1GiB
    min_sstable_size: 100MiB

concurrent_reads: 16
concurrent_writes: 16
concurrent_compactors: 1
compaction_throughput: 0MiB/s
file_cache_size: 64MiB
networking_cache_size: 16MiB
key_cache_size: 8MiB
counter_cache_size: 4MiB
prepared_statements_cache_size: 8MiB

request_timeout: 30s
read_request_timeout: 20s
range_request_timeout: 30s
write_request_timeout: 20s
truncate_request_timeout: 60s
native_transport_timeout: 30s
batch_size_warn_threshold: 64KiB
batch_size_fail_threshold: 640KiB
`;
}
